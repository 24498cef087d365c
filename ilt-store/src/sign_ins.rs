//! The port of who is signed in.

use async_trait::async_trait;
use ilt_core::access::SignIn;
use ilt_core::ids::{PersonId, SignInId};
use ilt_core::ports::{SignIns, StoreError, TokenDigest, Whose};
use jiff::Timestamp;

use crate::connect::SqlStore;
use crate::seam::{Param, Row};

#[async_trait]
impl SignIns for SqlStore {
    async fn begin_sign_in(
        &self,
        sign_in: &SignIn,
        token: &TokenDigest,
        most: usize,
    ) -> Result<(), StoreError> {
        let SignIn { id, person, way, begun_at, seen_at, proven_at, powers } = sign_in;
        let mut tx = self.pool.write().await?;
        let text = "INSERT INTO sign_in (id, person_id, way, token, powers, begun_at, seen_at, proven_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let params = vec![
            Param::Id(id.0),
            Param::Id(person.0),
            Param::Text(way.clone()),
            Param::Text(token.0.clone()),
            Param::Text(powers.clone()),
            Param::Instant(*begun_at),
            Param::Instant(*seen_at),
            Param::Instant(*proven_at),
        ];
        tx.run(text, params).await?;
        let text = "UPDATE sign_in SET ended_at = $2
                     WHERE person_id = $1 AND ended_at IS NULL AND id NOT IN (
                           SELECT id FROM sign_in WHERE person_id = $1 AND ended_at IS NULL
                            ORDER BY seen_at DESC, id DESC LIMIT $3)";
        let most = Param::Int(i64::try_from(most).unwrap_or(i64::MAX));
        tx.run(text, vec![Param::Id(person.0), Param::Instant(*begun_at), most]).await?;
        tx.commit().await
    }

    async fn sign_in(&self, token: &TokenDigest, now: Timestamp) -> Result<Option<SignIn>, StoreError> {
        let text = "SELECT * FROM sign_in
                     WHERE ended_at IS NULL AND (token = $1 OR (token_before = $1 AND before_until > $2))";
        let found = self.pool.rows(text, vec![Param::Text(token.0.clone()), Param::Instant(now)]).await?;
        found.first().map(sign_in).transpose()
    }

    async fn sign_in_seen(&self, id: SignInId, at: Timestamp) -> Result<(), StoreError> {
        let text = "UPDATE sign_in SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
        self.pool.change(text, vec![Param::Id(id.0), Param::Instant(at)]).await.map(drop)
    }

    async fn renew_sign_in(
        &self,
        id: SignInId,
        (before, until): (&TokenDigest, Timestamp),
        token: &TokenDigest,
        powers: &str,
    ) -> Result<bool, StoreError> {
        let text = "UPDATE sign_in SET token = $4, token_before = $2, before_until = $3, powers = $5
                     WHERE id = $1 AND token = $2 AND ended_at IS NULL";
        let params = vec![
            Param::Id(id.0),
            Param::Text(before.0.clone()),
            Param::Instant(until),
            Param::Text(token.0.clone()),
            Param::Text(powers.to_owned()),
        ];
        Ok(self.pool.change(text, params).await? == 1)
    }

    async fn sign_ins(&self, person: PersonId) -> Result<Vec<SignIn>, StoreError> {
        let text =
            "SELECT * FROM sign_in WHERE person_id = $1 AND ended_at IS NULL ORDER BY seen_at DESC, id DESC";
        self.pool.rows(text, vec![Param::Id(person.0)]).await?.iter().map(sign_in).collect()
    }

    async fn end_sign_ins(&self, whose: Whose, at: Timestamp) -> Result<u64, StoreError> {
        let (person, one) = match whose {
            Whose::One(person, id) => (person, Some(id.0)),
            Whose::All(person) => (person, None),
        };
        let text = "UPDATE sign_in SET ended_at = $3
                     WHERE person_id = $1 AND ($2 IS NULL OR id = $2) AND ended_at IS NULL";
        self.pool.change(text, vec![Param::Id(person.0), Param::MaybeId(one), Param::Instant(at)]).await
    }

    async fn forget_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError> {
        let text = "DELETE FROM sign_in WHERE coalesce(ended_at, seen_at) < $1";
        self.pool.change(text, vec![Param::Instant(before)]).await
    }
}

fn sign_in(row: &Row) -> Result<SignIn, StoreError> {
    Ok(SignIn {
        id: SignInId(row.id("id")?),
        person: PersonId(row.id("person_id")?),
        way: row.text("way")?,
        begun_at: row.instant("begun_at")?,
        seen_at: row.instant("seen_at")?,
        proven_at: row.instant("proven_at")?,
        powers: row.text("powers")?,
    })
}
