//! The port of numbers: each statement counted once, in the transaction that says so.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use ilt_core::ids::CourseId;
use ilt_core::ports::{Analytics, Counting, Measure, Month, Monthly, MonthlyQuery, StoreError};
use uuid::Uuid;

use crate::connect::SqlStore;
use crate::error::corrupt;
use crate::journal;
use crate::seam::{Param, Row, Tx, record};

/// How much more there is of something, by month, course and measure.
type More = BTreeMap<(String, CourseId, String), i64>;

#[async_trait]
impl Analytics for SqlStore {
    async fn count(
        &self,
        statements: &[Counting],
        checkpoint: Option<(&str, u64)>,
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        let mut more = More::new();
        for row in counted(&mut tx, statements).await? {
            *more.entry(line(&row)?).or_default() += 1;
        }
        for row in taken_back(&mut tx, statements).await? {
            *more.entry(line(&row)?).or_default() -= 1;
        }
        let records =
            more.into_iter().filter(|(_, more)| *more != 0).map(|((month, course, measure), more)| {
                record! { month: month, course_id: course.0, measure: measure, more: more }
            });
        let records: Vec<_> = records.collect();
        if !records.is_empty() {
            // Rows are taken in one order, so that two who count do not wait for each other. A row that there is not yet
            // cannot become less: what is taken back has been counted.
            let text = "INSERT INTO monthly (month, course_id, measure, count)
                        SELECT r.month, r.course_id, r.measure, 0
                          FROM {rows $1 r: month text, course_id uuid, measure text, more int} WHERE true
                         ORDER BY r.month, r.course_id, r.measure
                        ON CONFLICT (month, course_id, measure) DO NOTHING";
            tx.run(text, vec![Param::Records(records.clone())]).await?;
            let text = "UPDATE monthly SET count = monthly.count + r.more
                          FROM {rows $1 r: month text, course_id uuid, measure text, more int}
                         WHERE monthly.month = r.month AND monthly.course_id = r.course_id AND monthly.measure = r.measure";
            tx.run(text, vec![Param::Records(records)]).await?;
        }
        if let Some((follower, number)) = checkpoint {
            journal::move_checkpoint(&mut tx, follower, number).await?;
        }
        tx.commit().await
    }

    async fn monthly(&self, query: &MonthlyQuery) -> Result<Vec<Monthly>, StoreError> {
        // First which lines, then what is in them: a line has up to eight rows.
        let text = "SELECT m.month, m.course_id, m.measure, m.count FROM monthly m
                      JOIN (SELECT DISTINCT month, course_id FROM monthly
                             WHERE month BETWEEN $1 AND $2 AND ($3 IS NULL OR course_id = $3)
                               AND (month, course_id) > ($4, $5) AND count > 0
                             ORDER BY month, course_id LIMIT $6) AS line
                        ON line.month = m.month AND line.course_id = m.course_id
                     ORDER BY m.month, m.course_id";
        let month = |month: Option<Month>, otherwise: &str| {
            Param::Text(month.map_or_else(|| otherwise.to_owned(), |month| month.to_string()))
        };
        let params = vec![
            month(query.from, ""),
            month(query.to, "9999-99"),
            Param::MaybeId(query.course.map(|id| id.0)),
            month(query.after.map(|(month, _)| month), ""),
            Param::Id(query.after.map_or_else(Uuid::nil, |(_, course)| course.0)),
            Param::Int(query.limit.into()),
        ];
        let mut lines: Vec<Monthly> = Vec::new();
        for row in self.pool.rows(text, params).await? {
            let (month, course, measure) = cell(&row)?;
            if lines.last().is_none_or(|line| (line.month, line.course) != (month, course)) {
                lines.push(Monthly { month, course, counts: [0; Measure::ALL.len()] });
            }
            if let Some(line) = lines.last_mut() {
                line.counts[measure as usize] = row.count("count")?;
            }
        }
        Ok(lines)
    }
}

/// What these statements count that was not counted yet.
async fn counted(tx: &mut Tx, statements: &[Counting]) -> Result<Vec<Row>, StoreError> {
    let records = statements.iter().filter_map(|one| match one {
        Counting::Counts { statement, course, month, measure } => Some(record! {
            statement_id: *statement, course_id: course.0, month: month.to_string(), measure: measure.word(),
        }),
        Counting::TakesBack { .. } => None,
    });
    let text = "INSERT INTO counted (statement_id, course_id, month, measure)
                SELECT r.statement_id, r.course_id, r.month, r.measure
                  FROM {rows $1 r: statement_id uuid, course_id uuid, month text, measure text} WHERE true
                 ORDER BY r.statement_id
                ON CONFLICT (statement_id) DO NOTHING RETURNING month, course_id, measure";
    tx.rows(text, vec![Param::Records(records.collect())]).await
}

/// What was counted by statements that these take back. They are remembered as taken back, so that none of them counts when it comes
/// again, or only now.
async fn taken_back(tx: &mut Tx, statements: &[Counting]) -> Result<Vec<Row>, StoreError> {
    let ids = statements.iter().filter_map(|one| match one {
        Counting::TakesBack { statement } => Some(*statement),
        Counting::Counts { .. } => None,
    });
    let ids: BTreeSet<_> = ids.collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let none = |id: &Uuid| record! { statement_id: *id, course_id: Uuid::nil() };
    let text = "INSERT INTO counted (statement_id, course_id, month, measure)
                SELECT r.statement_id, r.course_id, '', '' FROM {rows $1 r: statement_id uuid, course_id uuid} WHERE true
                 ORDER BY r.statement_id
                ON CONFLICT (statement_id) DO NOTHING";
    tx.run(text, vec![Param::Records(ids.iter().map(none).collect())]).await?;
    let all: Vec<_> = ids.into_iter().collect();
    let text = "SELECT month, course_id, measure FROM counted WHERE statement_id {in $1} AND measure <> ''
                 ORDER BY statement_id {lock}";
    let counted = tx.rows(text, vec![Param::Ids(all.clone())]).await?;
    tx.run("UPDATE counted SET measure = '' WHERE statement_id {in $1}", vec![Param::Ids(all)]).await?;
    Ok(counted)
}

fn line(row: &Row) -> Result<(String, CourseId, String), StoreError> {
    Ok((row.text("month")?, row.id("course_id")?, row.text("measure")?))
}

fn cell(row: &Row) -> Result<(Month, CourseId, Measure), StoreError> {
    let (month, course, measure) = line(row)?;
    let month = month.parse().map_err(|_| corrupt(format!("month {month}")))?;
    let measure = Measure::from_word(&measure).ok_or_else(|| corrupt(format!("measure {measure}")))?;
    Ok((month, course, measure))
}
