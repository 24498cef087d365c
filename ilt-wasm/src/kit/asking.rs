//! Asking a plugin what a golden file asks, and what a host would make of the answer.

use std::collections::{BTreeMap, BTreeSet};

use ilt_core::journal::Actor;
use ilt_core::notice::advice;
use ilt_core::opinion::{self, Opinion, Precedence, Wish};

use super::golden::{Answer, Problem, Question};
use super::{Golden, noticing, scoring};
use crate::{Plugin, Said, tell};

/// Why a plugin cannot be asked something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// Which sessions are offered first, and who waits in front.
    #[error("it has no say in sessions: it exports no scoring")]
    Sessions,
    /// Who is told of what, and when.
    #[error("it has no say in notices: it exports no noticing")]
    Notices,
}

/// An answer, or the plugin's own reason to give none.
pub(super) enum Given {
    Adjust(Answer<Vec<scoring::Adjustment>>),
    Prioritise(Answer<Option<scoring::Priority>>),
    Advise(Answer<Vec<noticing::Advice>>),
    CheckConfig(Answer<Vec<Problem>>),
}

/// What a plugin says.
pub(super) fn ask(plugin: &Plugin, golden: &Golden) -> Result<Said<Given>, NotAsked> {
    let settings = golden.settings.to_string();
    let (scoring, noticing) = (plugin.exports.scoring.as_ref(), plugin.exports.noticing.as_ref());
    Ok(match &golden.question {
        Question::Adjust(question) => {
            let (scoring, asked) = (scoring.ok_or(NotAsked::Sessions)?, question.into());
            let said = plugin.alone().call(|store, instance| {
                scoring.load(&mut *store, instance)?.call_adjust(store, &asked, &settings)
            });
            said.map(|answer| Ok(Given::Adjust(answer.map(all).into())))
        }
        Question::Prioritise(joining) => {
            let (scoring, asked) = (scoring.ok_or(NotAsked::Sessions)?, joining.into());
            let said = plugin.alone().call(|store, instance| {
                scoring.load(&mut *store, instance)?.call_prioritise(store, &asked, &settings)
            });
            said.map(|answer| Ok(Given::Prioritise(answer.map(|it| it.map(Into::into)).into())))
        }
        Question::Advise(question) => {
            let (noticing, asked) = (noticing.ok_or(NotAsked::Notices)?, question.into());
            let said = plugin.alone().call(|store, instance| {
                noticing.load(&mut *store, instance)?.call_advise(store, &asked, &settings)
            });
            said.map(|answer| Ok(Given::Advise(answer.map(all).into())))
        }
        Question::CheckConfig => {
            let said = plugin.check_config(&settings);
            said.map(|problems| Ok(Given::CheckConfig(Answer::Ok(all(problems)))))
        }
    })
}

fn all<T: Into<U>, U>(it: Vec<T>) -> Vec<U> {
    it.into_iter().map(Into::into).collect()
}

impl Given {
    /// The form that all answers are compared in.
    pub fn text(&self) -> String {
        match self {
            Self::Adjust(answer) => answer.text(),
            Self::Prioritise(answer) => answer.text(),
            Self::Advise(answer) => answer.text(),
            Self::CheckConfig(answer) => answer.text(),
        }
    }

    /// What a host would drop or cut of it.
    pub fn notes(&self, plugin: &Plugin, golden: &Golden) -> Vec<String> {
        let faults = match (self, &golden.question) {
            (Self::Adjust(Answer::Ok(all)), Question::Adjust(question)) => weighed(plugin, question, all),
            (Self::Prioritise(Answer::Ok(Some(priority))), _) => granted(plugin, priority),
            (Self::Advise(Answer::Ok(all)), Question::Advise(question)) => heeded(plugin, question, all),
            _ => Vec::new(),
        };
        faults.iter().map(ToString::to_string).collect()
    }
}

impl<T> From<Result<T, String>> for Answer<T> {
    fn from(it: Result<T, String>) -> Self {
        it.map_or_else(Self::Error, Self::Ok)
    }
}

fn weighed(
    plugin: &Plugin,
    question: &scoring::Question,
    said: &[scoring::Adjustment],
) -> Vec<opinion::Fault> {
    let ids: Vec<_> = question.candidates.iter().map(|it| it.id.into()).collect();
    let session = |at: u32| usize::try_from(at).ok().and_then(|at| ids.get(at).copied());
    let wish = |it: &scoring::Adjustment| Wish {
        session: session(it.candidate).unwrap_or(question.wanted.into()),
        change: it.change,
        reason: it.reason.clone(),
    };
    let opinion = Opinion { by: plugin.speaker(), wishes: said.iter().map(wish).collect() };
    let (_, faults) = opinion::weigh(&ids.iter().copied().collect::<BTreeSet<_>>(), vec![opinion]);
    faults.into_iter().map(|(_, fault)| fault).collect()
}

fn granted(plugin: &Plugin, said: &scoring::Priority) -> Vec<opinion::Fault> {
    let (by, level, reason) = (plugin.speaker(), said.level, said.reason.clone());
    let (_, faults) =
        opinion::first_in_line(uuid::Uuid::nil().into(), vec![Precedence { by, level, reason }]);
    faults.into_iter().map(|(_, fault)| fault).collect()
}

/// As long as nobody is known who could be told as well, which is another day's question.
fn heeded(plugin: &Plugin, question: &noticing::Question, said: &[noticing::Advice]) -> Vec<opinion::Fault> {
    let Some(telling) = question.telling() else { return Vec::new() };
    let advice = said.iter().map(|it| tell::advice(&plugin.speaker(), it.into())).collect();
    let (_, faults) = advice::heed(&telling, &Actor::system("kit"), &BTreeMap::new(), advice);
    faults.into_iter().map(|(_, fault)| fault).collect()
}
