//! The in-memory store: who is signed in.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;

use crate::access::SignIn;
use crate::ids::{PersonId, SignInId};
use crate::ports::{SignIns, StoreError, TokenDigest, Whose};
use crate::testing::MemoryStore;

/// Those that were begun, by their ids.
pub(super) type Begun = BTreeMap<SignInId, Line>;

/// A sign-in, with what opens it.
#[derive(Debug, Clone)]
pub(super) struct Line {
    sign_in: SignIn,
    token: TokenDigest,
    before: Option<(TokenDigest, Timestamp)>,
    ended_at: Option<Timestamp>,
}

/// Somebody's that have not ended, the one that was used last first.
fn open(begun: &mut Begun, person: PersonId) -> Vec<&mut Line> {
    let is_open = |line: &&mut Line| line.sign_in.person == person && line.ended_at.is_none();
    let mut open: Vec<_> = begun.values_mut().filter(is_open).collect();
    open.sort_by_key(|line| Reverse((line.sign_in.seen_at, line.sign_in.id)));
    open
}

#[async_trait]
impl SignIns for MemoryStore {
    async fn begin_sign_in(
        &self,
        sign_in: &SignIn,
        token: &TokenDigest,
        most: usize,
    ) -> Result<(), StoreError> {
        let begun = &mut self.kept().sign_ins;
        let line = Line { sign_in: sign_in.clone(), token: token.clone(), before: None, ended_at: None };
        begun.insert(sign_in.id, line);
        for line in open(begun, sign_in.person).into_iter().skip(most) {
            line.ended_at = Some(sign_in.begun_at);
        }
        Ok(())
    }

    async fn sign_in(&self, token: &TokenDigest, now: Timestamp) -> Result<Option<SignIn>, StoreError> {
        let opens = |line: &&Line| {
            let before = line.before.as_ref().filter(|(_, until)| *until > now).map(|(before, _)| before);
            line.ended_at.is_none() && (line.token == *token || before == Some(token))
        };
        Ok(self.kept().sign_ins.values().find(opens).map(|line| line.sign_in.clone()))
    }

    async fn sign_in_seen(&self, id: SignInId, at: Timestamp) -> Result<(), StoreError> {
        if let Some(line) = self.kept().sign_ins.get_mut(&id) {
            line.sign_in.seen_at = line.sign_in.seen_at.max(at);
        }
        Ok(())
    }

    async fn renew_sign_in(
        &self,
        id: SignInId,
        (before, until): (&TokenDigest, Timestamp),
        token: &TokenDigest,
        powers: &str,
    ) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let line = kept.sign_ins.get_mut(&id).filter(|line| line.token == *before && line.ended_at.is_none());
        let Some(line) = line else { return Ok(false) };
        line.before = Some((before.clone(), until));
        line.token = token.clone();
        powers.clone_into(&mut line.sign_in.powers);
        Ok(true)
    }

    async fn sign_ins(&self, person: PersonId) -> Result<Vec<SignIn>, StoreError> {
        Ok(open(&mut self.kept().sign_ins, person).into_iter().map(|line| line.sign_in.clone()).collect())
    }

    async fn end_sign_ins(&self, whose: Whose, at: Timestamp) -> Result<u64, StoreError> {
        let (person, one) = match whose {
            Whose::One(person, id) => (person, Some(id)),
            Whose::All(person) => (person, None),
        };
        let begun = &mut self.kept().sign_ins;
        let ending =
            open(begun, person).into_iter().filter(|line| one.is_none_or(|id| line.sign_in.id == id));
        Ok(ending.map(|line| line.ended_at = Some(at)).count() as u64)
    }

    async fn forget_sign_ins(&self, before: Timestamp) -> Result<u64, StoreError> {
        let begun = &mut self.kept().sign_ins;
        let all = begun.len();
        begun.retain(|_, line| line.ended_at.unwrap_or(line.sign_in.seen_at) >= before);
        Ok((all - begun.len()) as u64)
    }
}
