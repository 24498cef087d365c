//! Sixty courses: twenty subjects on three levels, each level after the one below.

use fastrand::Rng;
use uuid::Uuid;

use crate::id;

/// A course.
#[derive(Debug, Clone)]
pub struct Course {
    /// Its id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// Its programme type.
    pub programme_type: &'static str,
    /// Its topics.
    pub topics: Vec<&'static str>,
    /// Its certification track.
    pub track: &'static str,
    /// Hours of teaching on each of its days.
    pub hours: u32,
    /// Days it takes.
    pub days: usize,
    /// Months a completion holds.
    pub validity_months: Option<i32>,
    /// The course that comes before.
    pub after: Option<Uuid>,
    /// Courses that count as this one.
    pub equivalents: Vec<Uuid>,
    /// Subject, from 0; the first is the story's.
    pub subject: usize,
    /// Level, from 0.
    pub level: usize,
}

/// Subject, programme type, track, topics, validity in months.
type Subject = (&'static str, &'static str, &'static str, &'static [&'static str], Option<i32>);

const SUBJECTS: [Subject; 20] = [
    ("High-voltage safety", "compliance", "Electric", &["high-voltage", "safety", "electric"], Some(24)),
    (
        "Battery technology",
        "employee-development",
        "Electric",
        &["battery", "high-voltage", "electric"],
        None,
    ),
    ("Charging systems", "employee-development", "Electric", &["charging", "electric"], None),
    ("Diagnosis", "employee-development", "Technician", &["diagnosis", "electronics"], None),
    (
        "Vehicle networks",
        "employee-development",
        "Technician",
        &["networks", "electronics", "diagnosis"],
        None,
    ),
    ("Chassis and brakes", "employee-development", "Technician", &["chassis", "brakes", "safety"], None),
    ("Air conditioning", "compliance", "Technician", &["climate", "refrigerant", "safety"], Some(36)),
    ("Body repair", "employee-development", "Body and paint", &["body", "repair"], None),
    ("Paint", "employee-development", "Body and paint", &["paint", "repair", "safety"], None),
    (
        "Driver assistance calibration",
        "compliance",
        "Technician",
        &["assistance", "calibration", "diagnosis"],
        Some(12),
    ),
    ("Service advice", "new-hire", "Service", &["service", "customers"], None),
    ("Warranty handling", "compliance", "Service", &["warranty", "service"], Some(12)),
    ("Parts logistics", "new-hire", "Service", &["parts", "logistics"], None),
    ("Sales consulting", "new-hire", "Sales", &["sales", "customers"], None),
    ("Electric model range", "onboarding", "Sales", &["electric", "products", "sales"], None),
    ("Financing and leasing", "compliance", "Sales", &["finance", "sales"], Some(24)),
    ("Used cars", "employee-development", "Sales", &["used-cars", "sales"], None),
    ("Leadership", "employee-development", "Leadership", &["leadership", "people"], None),
    ("Data protection", "compliance", "Compliance", &["privacy", "law"], Some(12)),
    ("Fleet partners", "customer-partner", "Sales", &["fleet", "customers"], None),
];

const LEVELS: [&str; 3] = ["basics", "professional", "expert"];

/// The courses, level by level within each subject.
pub fn courses(rng: &mut Rng) -> Vec<Course> {
    let mut courses: Vec<Course> = Vec::new();
    for (subject, (name, programme_type, track, topics, validity_months)) in SUBJECTS.into_iter().enumerate()
    {
        for (level, step) in LEVELS.into_iter().enumerate() {
            let after = (level > 0).then(|| courses[courses.len() - 1].id);
            courses.push(Course {
                id: id(rng),
                title: format!("{name}: {step}"),
                summary: format!(
                    "{name} for people who {}.",
                    ["begin", "work with it", "teach others"][level]
                ),
                programme_type,
                topics: topics.to_vec(),
                track,
                hours: if level == 0 { 6 } else { 7 },
                days: [1, 1 + subject % 2, 2 + subject % 2][level],
                validity_months,
                after,
                equivalents: Vec::new(),
                subject,
                level,
            });
        }
    }
    // Who has learnt the networks has learnt what diagnosis begins with; likewise two others.
    for (course, counts) in [(3, 4), (13, 16), (7, 8)] {
        let equivalent = courses[counts * LEVELS.len()].id;
        courses[course * LEVELS.len()].equivalents.push(equivalent);
    }
    courses
}
