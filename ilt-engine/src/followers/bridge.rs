//! Sends to Kafka what calendars told of bookings, word for word.

use std::sync::Arc;

use async_trait::async_trait;
use ilt_core::ports::{Clock, Deliveries, Journal, NumberedLetter, StoreError};
use ilt_kafka::{Booked, Courier, Parcel};
use jiff::SignedDuration;

use super::{Follower, Left, Turn, TurnFailed};

/// The name of its checkpoint: the number of the last letter that is through.
pub const BRIDGE: &str = "bookings";
/// Letters sent at once: of the longest ones, as much as a host has room for.
const PAGE: u32 = 100;
/// No page is begun after that time of a turn.
const ENOUGH: SignedDuration = SignedDuration::from_secs(3);

/// Sends to Kafka what calendars told of bookings. What they told of other things is passed over.
pub struct Bridge {
    /// Where its checkpoint is.
    pub journal: Arc<dyn Journal>,
    /// What was told.
    pub deliveries: Arc<dyn Deliveries>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Who sends it.
    pub courier: Courier,
}

#[async_trait]
impl Follower for Bridge {
    fn name(&self) -> &'static str {
        BRIDGE
    }

    async fn left(&self) -> Result<Left, StoreError> {
        let at = self.journal.checkpoint(BRIDGE).await?;
        let (first, last) =
            (self.deliveries.letters_after(at, 1).await?, self.deliveries.last_letter().await?);
        // Those that were forgotten meanwhile are nobody's any more.
        let behind = first.first().map_or(0, |first| last.saturating_sub(first.number) + 1);
        Ok(Left { behind, since: first.first().map(|it| it.letter.received_at) })
    }

    async fn turn(&self) -> Result<Turn, TurnFailed> {
        let (mut at, begun) = (self.journal.checkpoint(BRIDGE).await?, self.clock.now());
        let mut turn = Turn::default();
        loop {
            let page = self.deliveries.letters_after(at, PAGE).await?;
            let Some(last) = page.last().map(|it| it.number) else { return Ok(turn) };
            let parcels: Vec<_> = page.iter().filter_map(parcel).collect();
            let dead = self.courier.send(&parcels).await.map_err(|trouble| TurnFailed::because(&trouble))?;
            metrics::counter!("ilt_kafka_dead_letters_total").increment(dead);
            self.journal.set_checkpoint(BRIDGE, last).await?;
            turn.done += page.len() as u64;
            at = last;
            if self.clock.now().duration_since(begun) > ENOUGH {
                turn.behind = self.deliveries.last_letter().await?.saturating_sub(at);
                return Ok(turn);
            }
        }
    }
}

/// A letter as it is sent, when it tells of a booking.
fn parcel(numbered: &NumberedLetter) -> Option<Parcel<'_>> {
    let letter = &numbered.letter;
    let booked = Booked::told_by(&letter.trigger)?;
    Some(Parcel {
        booked,
        booking: letter.booking.as_deref()?,
        instance: &letter.instance,
        digest: &letter.digest,
        at: letter.received_at,
        body: &letter.body,
    })
}
