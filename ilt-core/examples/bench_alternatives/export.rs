//! The same network as tab-separated tables for PostgreSQL, with the answers it should give.

use std::fmt::Display;
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

use ilt_core::opinion::Adjusted;
use ilt_core::policy::Rules;
use ilt_core::ranking::{Catalogue, Weights, alternatives};
use ilt_core::session::closes_at;
use ilt_core::world::World;

use crate::learners::Request;
use crate::network::now;

/// Requests that PostgreSQL is asked too.
const REQUESTS: usize = 2_000;

/// Writes one file for each table below `folder`.
pub fn write(folder: &Path, world: &World, catalogue: &Catalogue, requests: &[Request]) -> Result<()> {
    let table = |name: &str| Ok::<_, std::io::Error>(BufWriter::new(File::create(folder.join(name))?));
    let mut locations = table("location")?;
    for it in world.locations.values() {
        writeln!(locations, "{}\t{}\t{}", it.id, it.place.lat, it.place.lon)?;
    }
    let mut courses = table("course")?;
    for it in world.courses.values() {
        let track = it.track.as_deref().unwrap_or("\\N");
        let (topics, equivalents) = (list(&it.topics), list(&it.equivalents));
        writeln!(courses, "{}\t{track}\t{topics}\t{equivalents}\t{}", it.id, list(&it.prerequisites))?;
    }
    let mut sessions = table("session")?;
    for it in world.sessions.values() {
        let closes_at = closes_at(it, Rules::of(&[], Some(it.course), None));
        let (open, waiting, waitlist) = (it.seats.open(), it.seats.waitlisted, it.waitlist);
        let when = format!("{}\t{}\t{closes_at}", it.starts_at(), it.ends_at());
        let (course, location, status) = (it.course, it.location, it.status.word());
        writeln!(
            sessions,
            "{}\t{course}\t{location}\t{when}\t{status}\t{open}\t{waiting}\t{waitlist}",
            it.id
        )?;
    }
    let (mut learners, mut completions) = (table("learner")?, table("completion")?);
    let (mut seats, mut answers) = (table("seat")?, table("answer")?);
    for (number, request) in (1..).zip(requests.iter().take(REQUESTS)) {
        let deadline = request.deadline.map_or("infinity".to_owned(), |it| it.to_string());
        let place = format!("{}\t{}", request.place.lat, request.place.lon);
        let interests = list(&request.world.people[&request.person].preferences.interests);
        writeln!(learners, "{number}\t{place}\t{interests}\t{deadline}\t{}", request.wanted)?;
        for of_course in
            request.world.completions_of(request.person).chunk_by(|one, next| one.course == next.course)
        {
            for (it, end) in of_course.iter().zip(world.book().ends(of_course)) {
                let until = end.map_or("infinity".to_owned(), |end| end.to_string());
                writeln!(completions, "{number}\t{}\t{until}", it.course)?;
            }
        }
        for held in request.world.sessions.values() {
            for part in &held.parts {
                writeln!(
                    seats,
                    "{number}\t{}\t{}\t{}\t{}",
                    held.id,
                    held.location,
                    part.starts_at,
                    part.ends_at()
                )?;
            }
        }
        let wanted = &world.sessions[&request.wanted];
        let ranked = request.ask(|learner| {
            let ranked =
                alternatives(catalogue, learner, wanted, Weights::default(), &Adjusted::new(), now());
            ranked.iter().map(|it| (it.candidate.session.id, it.score)).collect::<Vec<_>>()
        });
        for (rank, (session, score)) in (1..).zip(ranked) {
            writeln!(answers, "{number}\t{rank}\t{session}\t{score}")?;
        }
    }
    let mut parts = table("part")?;
    for it in world.sessions.values() {
        for part in &it.parts {
            writeln!(parts, "{}\t{}\t{}", it.id, part.starts_at, part.ends_at())?;
        }
    }
    Ok(())
}

/// A PostgreSQL array.
fn list<T: Display>(items: &[T]) -> String {
    format!("{{{}}}", items.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
}
