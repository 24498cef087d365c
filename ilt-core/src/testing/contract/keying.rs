//! Keys of other systems.

use super::{Backend, data, save};
use crate::access::ApiKey;
use crate::ids::KeyId;
use crate::ports::TokenDigest;
use crate::testing::Network;
use crate::testing::plans::id;

fn key(number: u32) -> ApiKey {
    ApiKey {
        id: KeyId(id(number)),
        owner: Network::ADA,
        name: "the shop’s calendar".to_owned(),
        scopes: vec!["sessions:read".to_owned(), "registrations".to_owned()],
        made_by: Network::BEN,
        made_at: data::at(i64::from(number)),
        ends_at: data::at(100),
        used_at: None,
    }
}

fn digest(number: u32) -> TokenDigest {
    TokenDigest(format!("digest of {number}"))
}

async fn keep<S: Backend>(store: &S, number: u32, most: usize) -> bool {
    store.keep_key(&key(number), &digest(number), most).await.expect("kept")
}

/// By its digest, as it was kept; until its time is over, or somebody ends it.
pub async fn a_key_is_found_by_its_digest_until_it_ends<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("people");
    assert!(keep(store, 1, 9).await && keep(store, 2, 9).await);
    let found = async |number, at| store.api_key(&digest(number), data::at(at)).await.expect("read");
    assert_eq!((found(1, 99).await, found(3, 99).await), (Some(key(1)), None));
    assert_eq!(found(1, 100).await, None, "its time is over");
    for at in [60, 50] {
        store.key_used(KeyId(id(1)), data::at(at)).await.expect("noted");
    }
    let used = ApiKey { used_at: Some(data::at(60)), ..key(1) };
    assert_eq!(store.api_keys(Network::ADA, data::at(70)).await.expect("read"), [key(2), used]);
    assert_eq!(store.api_keys(Network::ADA, data::at(100)).await.expect("read"), []);
    assert_eq!(
        store.api_keys(Network::BEN, data::at(70)).await.expect("read"),
        [],
        "who made it does not own it"
    );

    let end =
        async |owner, number| store.end_key(owner, KeyId(id(number)), data::at(70)).await.expect("ended");
    assert_eq!(
        (end(Network::BEN, 1).await, end(Network::ADA, 1).await, end(Network::ADA, 1).await),
        (0, 1, 0)
    );
    assert_eq!((found(1, 50).await, found(2, 50).await), (None, Some(key(2))));
}

/// So many that are good, and no more.
pub async fn so_many_keys_and_no_more<S: Backend>(store: &S) {
    save(store, &data::basics()).await.expect("people");
    assert!(keep(store, 1, 2).await && keep(store, 2, 2).await && !keep(store, 3, 2).await);
    assert_eq!(store.api_key(&digest(3), data::at(9)).await.expect("read"), None);
    store.end_key(Network::ADA, KeyId(id(1)), data::at(9)).await.expect("ended");
    assert!(keep(store, 3, 2).await, "one has ended");
}
