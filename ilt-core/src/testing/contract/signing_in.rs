//! Who is signed in, and where.

use jiff::{SignedDuration, Timestamp};

use super::{Backend, data, save};
use crate::access::SignIn;
use crate::ids::SignInId;
use crate::ports::{TokenDigest, Whose};
use crate::testing::Network;
use crate::testing::plans::id;

fn sign_in(number: u32, seen: i64) -> SignIn {
    SignIn {
        id: SignInId(id(number)),
        person: Network::ADA,
        way: "demo".to_owned(),
        begun_at: data::at(0),
        seen_at: data::at(seen),
        proven_at: data::at(1),
        powers: "learner@somewhere".to_owned(),
    }
}

fn token(number: u32) -> TokenDigest {
    TokenDigest(format!("digest of {number}"))
}

/// Begins these, each under the token of its number.
async fn begun<S: Backend>(store: &S, sign_ins: &[SignIn], most: usize) {
    save(store, &data::basics()).await.expect("people");
    for (number, one) in (1..).zip(sign_ins) {
        store.begin_sign_in(one, &token(number), most).await.expect("begun");
    }
}

async fn found<S: Backend>(store: &S, number: u32, at: Timestamp) -> Option<SignIn> {
    store.sign_in(&token(number), at).await.expect("read")
}

/// By its token, as it was kept; by no other, and never after it ended.
pub async fn a_sign_in_is_found_by_its_token_until_it_ends<S: Backend>(store: &S) {
    let all = [sign_in(1, 10), sign_in(2, 30), sign_in(3, 20)];
    begun(store, &all, 10).await;
    assert_eq!(found(store, 1, data::at(40)).await.as_ref(), Some(&all[0]));
    assert_eq!(found(store, 9, data::at(40)).await, None);
    assert_eq!(
        store.sign_ins(Network::ADA).await.expect("read"),
        [all[1].clone(), all[2].clone(), all[0].clone()]
    );
    assert_eq!(store.sign_ins(Network::BEN).await.expect("read"), []);

    let end = async |whose| store.end_sign_ins(whose, data::at(50)).await.expect("ended");
    assert_eq!(end(Whose::One(Network::BEN, all[0].id)).await, 0, "it is somebody else's");
    assert_eq!(end(Whose::One(Network::ADA, all[0].id)).await, 1);
    assert_eq!(
        (found(store, 1, data::at(40)).await, found(store, 2, data::at(40)).await.is_some()),
        (None, true)
    );
    assert_eq!(end(Whose::All(Network::ADA)).await, 2);
    assert_eq!(end(Whose::All(Network::ADA)).await, 0, "nothing ends twice");
    assert_eq!(found(store, 2, data::at(40)).await, None);
}

/// The token before is good for a moment; whoever comes second with it changes nothing.
pub async fn a_token_is_replaced_once<S: Backend>(store: &S) {
    begun(store, &[sign_in(1, 10)], 10).await;
    let renew = async |from, to, until| {
        let renewed = store.renew_sign_in(SignInId(id(1)), (&token(from), until), &token(to), "admin").await;
        renewed.expect("asked")
    };
    let until = data::at(40);
    assert!(renew(1, 2, until).await);
    assert!(!renew(1, 3, until).await, "it is another one's already");
    let powers = async |number, at| found(store, number, at).await.map(|it| it.powers);
    let just_before = until - SignedDuration::from_secs(1);
    assert_eq!(powers(1, just_before).await.as_deref(), Some("admin"), "requests were under way with it");
    assert_eq!((powers(1, until).await, powers(2, until).await.as_deref()), (None, Some("admin")));
    assert_eq!(powers(3, until).await, None);
    store.end_sign_ins(Whose::All(Network::ADA), until).await.expect("ended");
    assert!(!renew(2, 4, until).await, "it has ended");
    assert_eq!(powers(1, just_before).await, None);
}

/// One more than there may be ends the one that was left alone for longest.
pub async fn so_many_sign_ins_and_no_more<S: Backend>(store: &S) {
    begun(store, &[sign_in(1, 10), sign_in(2, 20)], 3).await;
    store.sign_in_seen(SignInId(id(1)), data::at(25)).await.expect("noted");
    store.sign_in_seen(SignInId(id(1)), data::at(24)).await.expect("noted");
    for number in 3..=4 {
        let one = sign_in(number, i64::from(number) * 10);
        store.begin_sign_in(&one, &token(number), 3).await.expect("begun");
    }
    let left = store.sign_ins(Network::ADA).await.expect("read");
    assert_eq!(left.iter().map(|it| it.seen_at).collect::<Vec<_>>(), [40, 30, 25].map(data::at));
    assert_eq!(found(store, 2, data::at(50)).await, None);
}

/// What ended long ago, or was used last long ago.
pub async fn old_sign_ins_are_forgotten<S: Backend>(store: &S) {
    begun(store, &[sign_in(1, 10), sign_in(2, 60), sign_in(3, 60), sign_in(4, 5)], 10).await;
    store.end_sign_ins(Whose::One(Network::ADA, SignInId(id(2))), data::at(20)).await.expect("ended");
    store.end_sign_ins(Whose::One(Network::ADA, SignInId(id(4))), data::at(40)).await.expect("ended");
    assert_eq!(store.forget_sign_ins(data::at(30)).await.expect("forgotten"), 2);
    assert_eq!(store.forget_sign_ins(data::at(41)).await.expect("forgotten"), 1);
    assert!(found(store, 3, data::at(70)).await.is_some());
}
