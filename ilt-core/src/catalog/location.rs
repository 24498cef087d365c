//! Places: a training centre, and the dealer a learner works for.

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
