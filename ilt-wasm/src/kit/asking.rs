//! Asking a plugin what a golden file asks, and what a host would make of the answer.

use std::collections::BTreeSet;

use ilt_core::opinion::{self, Opinion, Precedence, Wish};

use super::golden::{Answer, Problem, Question};
use super::{Golden, scoring};
use crate::{Plugin, Said};

/// Why a plugin cannot be asked something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAsked {
    /// What is told to whom.
    #[error("advise cannot be asked yet")]
    Notices,
}

/// An answer, or the plugin's own reason to give none.
pub(super) enum Given {
    Adjust(Answer<Vec<scoring::Adjustment>>),
    Prioritise(Answer<Option<scoring::Priority>>),
    CheckConfig(Answer<Vec<Problem>>),
}

/// What a plugin says.
pub(super) fn ask(plugin: &Plugin, golden: &Golden) -> Result<Said<Given>, NotAsked> {
    let settings = golden.settings.to_string();
    Ok(match &golden.question {
        Question::Adjust(question) => {
            let asked = question.into();
            let said =
                plugin.call(|guest, store| guest.ilt_plugin_scoring().call_adjust(store, &asked, &settings));
            said.map(|answer| {
                let answer = answer.map(|all| all.into_iter().map(Into::into).collect());
                Ok(Given::Adjust(answer.into()))
            })
        }
        Question::Prioritise(joining) => {
            let asked = joining.into();
            let said = plugin
                .call(|guest, store| guest.ilt_plugin_scoring().call_prioritise(store, &asked, &settings));
            said.map(|answer| Ok(Given::Prioritise(answer.map(|it| it.map(Into::into)).into())))
        }
        Question::Advise(_) => return Err(NotAsked::Notices),
        Question::CheckConfig => {
            let problem = |it: crate::Problem| Problem { pointer: it.pointer, detail: it.detail };
            let said = plugin.check_config(&settings);
            said.map(|all| Ok(Given::CheckConfig(Answer::Ok(all.into_iter().map(problem).collect()))))
        }
    })
}

impl Given {
    /// The form that all answers are compared in.
    pub fn text(&self) -> String {
        match self {
            Self::Adjust(answer) => answer.text(),
            Self::Prioritise(answer) => answer.text(),
            Self::CheckConfig(answer) => answer.text(),
        }
    }

    /// What a host would drop or cut of it.
    pub fn notes(&self, plugin: &Plugin, golden: &Golden) -> Vec<String> {
        let faults = match (self, &golden.question) {
            (Self::Adjust(Answer::Ok(all)), Question::Adjust(question)) => weighed(plugin, question, all),
            (Self::Prioritise(Answer::Ok(Some(priority))), _) => granted(plugin, priority),
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
    let (_, faults) = opinion::first_in_line(vec![Precedence { by, level, reason }]);
    faults.into_iter().map(|(_, fault)| fault).collect()
}
