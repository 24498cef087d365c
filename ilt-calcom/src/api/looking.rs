//! Questions of the probe: an answer's shape, and what is said beside it.

use serde::de::DeserializeOwned;

use super::account::Account;
use super::answer::open;
use super::call::Call;
use super::error::Error;
use super::me::Me;
use super::version::Family;

impl Account {
    /// Whose key it is, and how many requests it is granted.
    pub(crate) async fn me_and_limit(&self) -> Result<(Me, Option<u32>), Error> {
        let call = Call::get("asking whose key it is", Family::Me, &["me"]);
        let answer = self.send(&call).await?;
        let requests = answer.seen.map(|it| it.limit);
        let (me, _) = open(&answer.body).map_err(|kind| answer.refused(&call, kind))?;
        Ok((me, requests))
    }

    /// Asks something of a family, for the shape of its answer.
    pub(crate) async fn look<T: DeserializeOwned>(
        &self,
        family: Family,
        path: &[&str],
        asked: &[(&'static str, String)],
    ) -> Result<T, Error> {
        let mut call = Call::get("looking what Cal.com can do", family, path);
        call.query = asked.to_vec();
        self.call(&call).await
    }
}
