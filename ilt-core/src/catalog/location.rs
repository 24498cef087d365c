//! Places: a training centre, and the dealer a learner works for.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ids::{DealerId, LocationId};
use crate::schedule::Zone;

/// A point on the globe, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
}

impl Place {
    /// Mean radius of the earth in kilometres.
    const EARTH_KM: f64 = 6_371.008_8;

    /// Kilometres to `other` over the great circle (haversine).
    pub fn kilometres_to(self, other: Self) -> f64 {
        let (lat, other_lat) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = ((other_lat - lat) / 2.0).sin();
        let half_lon = ((other.lon - self.lon).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + lat.cos() * other_lat.cos() * half_lon * half_lon;
        2.0 * Self::EARTH_KM * chord.sqrt().min(1.0).asin()
    }
}

/// A training centre.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Its id.
    pub id: LocationId,
    /// What people call it.
    pub name: String,
    /// Street and number.
    pub address: String,
    /// Town.
    pub city: String,
    /// Country, as people write it.
    pub country: String,
    /// Where it is.
    pub place: Place,
    /// The zone its wall clocks show.
    pub zone: Zone,
    /// Rooms that can be named by a session.
    pub rooms: Vec<String>,
    /// Raised by one with every change.
    pub version: u64,
}

/// A room that a location does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a room of this location: {rooms}")]
pub struct NoSuchRoom {
    /// Those it has, the likeliest first.
    pub rooms: String,
}

impl Location {
    /// Rooms that a refusal names at most.
    const MOST_NAMED: usize = 10;

    /// The room that somebody means, as the location spells it. Where no rooms are listed, any will do.
    ///
    /// # Errors
    /// [`NoSuchRoom`] names those that there are.
    pub fn room(&self, said: &str) -> Result<String, NoSuchRoom> {
        let said = spaced(said);
        if said.is_empty() || self.rooms.is_empty() {
            return Ok(said);
        }
        let (wanted, alike) = (said.to_lowercase(), |room: &String| spaced(room).to_lowercase());
        if let Some(room) = self.rooms.iter().find(|room| alike(room) == wanted) {
            return Ok(room.clone());
        }
        let mut rooms: Vec<_> = self.rooms.iter().collect();
        rooms.sort_by_key(|room| Reverse(in_common(&alike(room), &wanted)));
        let named: Vec<_> =
            rooms.into_iter().take(Self::MOST_NAMED).map(|room| format!("`{room}`")).collect();
        Err(NoSuchRoom { rooms: named.join(", ") })
    }
}

/// How many pairs of letters two texts have in common.
fn in_common(one: &str, other: &str) -> usize {
    let pairs = |text: &str| text.chars().zip(text.chars().skip(1)).collect::<BTreeSet<_>>();
    pairs(one).intersection(&pairs(other)).count()
}

/// Without space around it, and with one space where there are several.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The organisation a learner works for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dealer {
    /// Its id.
    pub id: DealerId,
    /// What people call it.
    pub name: String,
    /// The dealer group whose rules it shares.
    pub group: Option<String>,
    /// The sales region it belongs to.
    pub region: Option<String>,
    /// Town.
    pub city: String,
    /// Where it is.
    pub place: Place,
    /// The zone its wall clocks show.
    pub zone: Zone,
    /// Raised by one with every change.
    pub version: u64,
}
