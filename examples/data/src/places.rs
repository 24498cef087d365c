//! Real towns: where dealers are, and the training centres.

use fastrand::Rng;
use uuid::Uuid;

use crate::{id, pick};

/// A dealer.
#[derive(Debug, Clone)]
pub struct Dealer {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Its group.
    pub group: &'static str,
    /// Its sales region.
    pub region: &'static str,
    /// Its town.
    pub city: &'static str,
    /// Degrees north and east.
    pub place: (f64, f64),
    /// Its time zone.
    pub zone: &'static str,
}

/// A training centre.
#[derive(Debug, Clone)]
pub struct Location {
    /// Its id.
    pub id: Uuid,
    /// Its town.
    pub city: &'static str,
    /// Its country.
    pub country: &'static str,
    /// Street and number.
    pub address: String,
    /// Degrees north and east.
    pub place: (f64, f64),
    /// Its time zone.
    pub zone: &'static str,
    /// Its rooms.
    pub rooms: Vec<String>,
}

type Town = (&'static str, f64, f64);

/// Country, zone, sales region, towns.
const COUNTRIES: [(&str, &str, &str, &[Town]); 9] = [
    (
        "Germany",
        "Europe/Berlin",
        "Central",
        &[
            ("Köln", 50.94, 6.96),
            ("Bonn", 50.73, 7.10),
            ("Düsseldorf", 51.23, 6.78),
            ("Aachen", 50.78, 6.08),
            ("Dortmund", 51.51, 7.47),
            ("Essen", 51.46, 7.01),
            ("Münster", 51.96, 7.63),
            ("Bielefeld", 52.02, 8.53),
            ("Siegen", 50.87, 8.02),
            ("Koblenz", 50.36, 7.59),
            ("Frankfurt", 50.11, 8.68),
            ("Mainz", 50.00, 8.27),
            ("Kassel", 51.32, 9.50),
            ("Mannheim", 49.49, 8.47),
            ("Karlsruhe", 49.01, 8.40),
            ("Stuttgart", 48.78, 9.18),
            ("Ulm", 48.40, 9.99),
            ("Freiburg", 47.99, 7.85),
            ("München", 48.14, 11.58),
            ("Augsburg", 48.37, 10.90),
            ("Nürnberg", 49.45, 11.08),
            ("Regensburg", 49.02, 12.10),
            ("Würzburg", 49.79, 9.95),
            ("Hamburg", 53.55, 9.99),
            ("Kiel", 54.32, 10.14),
            ("Lübeck", 53.87, 10.69),
            ("Bremen", 53.08, 8.80),
            ("Hannover", 52.37, 9.73),
            ("Braunschweig", 52.27, 10.52),
            ("Berlin", 52.52, 13.40),
            ("Potsdam", 52.40, 13.06),
            ("Leipzig", 51.34, 12.37),
            ("Dresden", 51.05, 13.74),
            ("Erfurt", 50.98, 11.03),
            ("Rostock", 54.09, 12.14),
            ("Magdeburg", 52.13, 11.62),
        ],
    ),
    (
        "Austria",
        "Europe/Vienna",
        "Central",
        &[
            ("Wien", 48.21, 16.37),
            ("Graz", 47.07, 15.44),
            ("Linz", 48.31, 14.29),
            ("Salzburg", 47.81, 13.04),
            ("Innsbruck", 47.27, 11.39),
            ("Klagenfurt", 46.62, 14.31),
            ("Villach", 46.61, 13.85),
            ("Bregenz", 47.50, 9.75),
        ],
    ),
    (
        "Switzerland",
        "Europe/Zurich",
        "Central",
        &[
            ("Zürich", 47.38, 8.54),
            ("Bern", 46.95, 7.45),
            ("Basel", 47.56, 7.59),
            ("Genève", 46.20, 6.14),
            ("Lausanne", 46.52, 6.63),
            ("Luzern", 47.05, 8.31),
            ("St. Gallen", 47.42, 9.38),
        ],
    ),
    (
        "France",
        "Europe/Paris",
        "West",
        &[
            ("Paris", 48.86, 2.35),
            ("Lyon", 45.76, 4.84),
            ("Marseille", 43.30, 5.37),
            ("Toulouse", 43.60, 1.44),
            ("Nice", 43.70, 7.27),
            ("Nantes", 47.22, -1.55),
            ("Strasbourg", 48.57, 7.75),
            ("Montpellier", 43.61, 3.88),
            ("Bordeaux", 44.84, -0.58),
            ("Lille", 50.63, 3.06),
            ("Rennes", 48.11, -1.68),
            ("Reims", 49.26, 4.03),
            ("Grenoble", 45.19, 5.72),
            ("Dijon", 47.32, 5.04),
            ("Tours", 47.39, 0.68),
            ("Metz", 49.12, 6.18),
        ],
    ),
    (
        "Italy",
        "Europe/Rome",
        "South",
        &[
            ("Milano", 45.46, 9.19),
            ("Roma", 41.90, 12.50),
            ("Torino", 45.07, 7.69),
            ("Napoli", 40.85, 14.27),
            ("Bologna", 44.49, 11.34),
            ("Firenze", 43.77, 11.26),
            ("Genova", 44.41, 8.93),
            ("Verona", 45.44, 10.99),
            ("Padova", 45.41, 11.88),
            ("Bari", 41.12, 16.87),
            ("Brescia", 45.54, 10.22),
            ("Trieste", 45.65, 13.78),
            ("Bolzano", 46.50, 11.35),
        ],
    ),
    (
        "Spain",
        "Europe/Madrid",
        "South",
        &[
            ("Madrid", 40.42, -3.70),
            ("Barcelona", 41.39, 2.17),
            ("Valencia", 39.47, -0.38),
            ("Sevilla", 37.39, -5.98),
            ("Zaragoza", 41.65, -0.89),
            ("Málaga", 36.72, -4.42),
            ("Bilbao", 43.26, -2.93),
            ("Valladolid", 41.65, -4.72),
            ("Murcia", 37.99, -1.13),
            ("Vigo", 42.24, -8.72),
            ("Gijón", 43.53, -5.66),
        ],
    ),
    (
        "United Kingdom",
        "Europe/London",
        "North",
        &[
            ("London", 51.51, -0.13),
            ("Birmingham", 52.49, -1.89),
            ("Manchester", 53.48, -2.24),
            ("Leeds", 53.80, -1.55),
            ("Glasgow", 55.86, -4.25),
            ("Edinburgh", 55.95, -3.19),
            ("Liverpool", 53.41, -2.98),
            ("Bristol", 51.45, -2.59),
            ("Sheffield", 53.38, -1.47),
            ("Cardiff", 51.48, -3.18),
            ("Nottingham", 52.95, -1.16),
            ("Newcastle", 54.98, -1.61),
        ],
    ),
    (
        "Poland",
        "Europe/Warsaw",
        "East",
        &[
            ("Warszawa", 52.23, 21.01),
            ("Kraków", 50.06, 19.94),
            ("Wrocław", 51.11, 17.04),
            ("Poznań", 52.41, 16.93),
            ("Gdańsk", 54.35, 18.65),
            ("Łódź", 51.76, 19.46),
            ("Katowice", 50.26, 19.03),
            ("Lublin", 51.25, 22.57),
            ("Szczecin", 53.43, 14.55),
            ("Bydgoszcz", 53.12, 18.01),
        ],
    ),
    (
        "Netherlands",
        "Europe/Amsterdam",
        "North",
        &[
            ("Amsterdam", 52.37, 4.90),
            ("Rotterdam", 51.92, 4.48),
            ("Utrecht", 52.09, 5.12),
            ("Eindhoven", 51.44, 5.47),
            ("Groningen", 53.22, 6.57),
            ("Maastricht", 50.85, 5.69),
            ("Arnhem", 51.98, 5.91),
        ],
    ),
];

/// Towns with a training centre; the first is the story's.
const CENTRES: [&str; 12] = [
    "Köln",
    "Frankfurt",
    "München",
    "Hamburg",
    "Wien",
    "Zürich",
    "Paris",
    "Lyon",
    "Milano",
    "Madrid",
    "London",
    "Warszawa",
];

const GROUPS: [&str; 7] =
    ["Rhein-Main Automobile", "Nordlicht", "Alpenstern", "Hexagone", "Via Aurelia", "Crown Motors", "Wisła"];
const STYLES: [&str; 5] = ["Autohaus", "Motors", "Garage", "Automobile", "Car Centre"];

fn towns() -> impl Iterator<Item = (&'static str, &'static str, &'static str, Town)> {
    COUNTRIES.into_iter().flat_map(|(country, zone, region, towns)| {
        towns.iter().map(move |town| (country, zone, region, *town))
    })
}

/// One dealer a town, as far as `count` goes, spread over the countries; the first is in Köln.
pub fn dealers(rng: &mut Rng, count: usize) -> Vec<Dealer> {
    let all: Vec<_> = towns().collect();
    let count = count.min(all.len());
    (0..count)
        .map(|number| {
            let (_, zone, region, (city, lat, lon)) = all[number * all.len() / count];
            Dealer {
                id: id(rng),
                name: format!("{} {city}", pick(rng, &STYLES)),
                group: pick::<&str>(rng, &GROUPS),
                region,
                city,
                place: (lat, lon),
                zone,
            }
        })
        .collect()
}

/// The training centres.
pub fn locations(rng: &mut Rng) -> Vec<Location> {
    let centre = |city: &&str| towns().find(|town| town.3.0 == *city);
    CENTRES
        .iter()
        .filter_map(centre)
        .map(|(country, zone, _, (city, lat, lon))| Location {
            id: id(rng),
            city,
            country,
            address: format!(
                "{} {}",
                pick(rng, &["Ringstraße", "Station Road", "Rue Centrale", "Via Nuova"]),
                rng.u32(1..90)
            ),
            place: (lat, lon),
            zone,
            rooms: (1..=5).map(|room| format!("{}.{room:02}", rng.u32(1..4))).collect(),
        })
        .collect()
}
