//! Sessions that would book an instructor or a room twice: each is somebody's decision, and none is in the way of the others.

use ilt_core::desk::{Answer, Command, Order, Refusal, SessionPlan};

use super::problem::located;
use super::{File, Problem, order};
use crate::engine::{Ports, Trouble, batch};

/// A file without some of its lines.
pub(super) struct Reduced {
    /// What is left of it.
    pub file: File,
    /// What is wrong with the lines that are not in it.
    pub left_out: Vec<Problem>,
}

/// A file that was refused without those of its sessions that would book somebody or something twice, when nothing else is wrong with
/// it; `before` is what happens before it. The first of two in a file that need the same is the one that stays.
pub(super) async fn without_clashes(
    ports: &Ports,
    before: &[Order],
    file: &File,
) -> Result<Option<Reduced>, Trouble> {
    let Command::SaveSessions { plans, historic } = &file.command else { return Ok(None) };
    let save = |plans: Vec<SessionPlan>| Command::SaveSessions { plans, historic: *historic };
    let one_by_one = plans.iter().map(|plan| order(ports, save(vec![plan.clone()])));
    let orders: Vec<_> = before.iter().cloned().chain(one_by_one).collect();
    let answers = batch::rehearse(ports, &orders).await?.split_off(before.len());
    let is_sound = |answer: &Answer| matches!(answer, Ok(_) | Err(Refusal::DoubleBooked { .. }));
    if !answers.iter().all(is_sound) {
        return Ok(None);
    }
    let (mut left, mut lines, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
    for ((answer, plan), line) in answers.into_iter().zip(plans).zip(&file.lines) {
        match answer {
            Ok(_) => {
                left.push(plan.clone());
                lines.push(*line);
            }
            Err(refusal) => left_out.extend(located(refusal, &[*line])),
        }
    }
    if left.is_empty() || left_out.is_empty() {
        return Ok(None);
    }
    let file = File { command: save(left), lines, warnings: file.warnings.clone() };
    Ok(Some(Reduced { file, left_out }))
}
