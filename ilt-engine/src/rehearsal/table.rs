//! A report for whoever reads it on a terminal.

use std::fmt;

use super::{Notices, Report, Shift};

/// Examples that are printed of each sort.
const PRINTED: usize = 10;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { since, until, entries, misfits, looks, taken, waitlist, faults, failures, .. } = self;
        writeln!(f, "{since} to {until}, {entries} entries of the journal followed")?;
        if *misfits > 0 {
            writeln!(f, "{misfits} entries do not fit those before them: what follows may be wrong")?;
        }
        writeln!(f, "\nALTERNATIVES")?;
        line(f, "shown to these dealers' learners", looks.shown)?;
        line(f, "asked again", looks.repeated)?;
        line(f, "  without rules as at the time", share(looks.same, looks.repeated - looks.ruled))?;
        line(f, "  rules had a say at the time", looks.ruled)?;
        for (why, count) in &looks.unrepeated {
            line(f, &format!("not asked again: {why}"), count)?;
        }
        line(f, "the candidate had an opinion", looks.opinions)?;
        line(f, "something else shown", share(looks.moved, looks.repeated))?;
        line(f, "something else first", share(looks.other_first, looks.repeated))?;
        line(f, "sessions no longer shown", looks.dropped)?;
        line(f, "sessions shown instead", looks.new)?;
        for (reason, count) in &looks.reasons {
            line(f, &format!("  {reason}"), count)?;
        }
        writeln!(f, "\nTAKEN")?;
        line(f, "of what was shown", taken.count)?;
        line(f, "first as shown", share(taken.first_as_shown, taken.count))?;
        line(f, "first without rules", share(taken.first_without, taken.count))?;
        line(f, "first with the candidate", share(taken.first_with, taken.count))?;
        line(f, "shown with the candidate", share(taken.shown_with, taken.count))?;
        writeln!(f, "\nWAITLISTS")?;
        line(f, "joined by these dealers' learners", waitlist.joined)?;
        if waitlist.unrepeated > 0 {
            line(f, "not asked again", waitlist.unrepeated)?;
        }
        line(f, "put in front", waitlist.granted)?;
        line(f, "to another place", share(waitlist.moved, waitlist.joined))?;
        self.print_notices(f)?;
        if !faults.is_empty() || !failures.is_empty() {
            writeln!(f, "\nWRONG WITH IT")?;
        }
        for (what, count) in failures.iter().chain(faults) {
            line(f, what, count)?;
        }
        self.print_examples(f)
    }
}

impl Report {
    fn print_notices(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Notices { entries, asked, unrepeated, urgently, at_once, digest, .. } = &self.notices;
        let Notices { unchanged, muted, to_digest, to_minute, to_at_once, added, kinds, .. } = &self.notices;
        let told = urgently + at_once + digest;
        writeln!(f, "\nNOTICES")?;
        line(f, "happened to these dealers' learners", entries)?;
        line(f, "asked again, once for each of them", asked)?;
        for (why, count) in unrepeated {
            line(f, &format!("not asked again: {why}"), count)?;
        }
        line(f, "told without the candidate", told)?;
        if *urgently > 0 {
            line(f, "  urgently", urgently)?;
        }
        line(f, "  at once", at_once)?;
        line(f, "  with the digest", digest)?;
        line(f, "the same with the candidate", share(*unchanged, told))?;
        line(f, "not told", share(*muted, told))?;
        line(f, "with the digest instead", share(*to_digest, told))?;
        line(f, "at another minute instead", share(*to_minute, told))?;
        line(f, "at once instead", share(*to_at_once, told))?;
        line(f, "told as well", added.values().sum::<u64>())?;
        for (told_as, count) in added {
            line(f, &format!("  as {}", told_as.word()), count)?;
        }
        for (kind, Shift { more, fewer, moved }) in kinds {
            line(f, kind, format_args!("{more} more, {fewer} fewer, {moved} moved"))?;
        }
        Ok(())
    }

    fn print_examples(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for moved in self.looks.examples.iter().take(PRINTED) {
            writeln!(f, "\n{} learner {} wanted {}", moved.at, moved.learner, moved.wanted)?;
            for it in &moved.lines {
                write!(f, "  {} -> {}  {}", place(it.before), place(it.after), it.session)?;
                for said in &it.said {
                    write!(f, "  {:+.2} {}: {}", said.change, said.plugin, said.reason)?;
                }
                writeln!(f)?;
            }
        }
        for it in self.waitlist.examples.iter().take(PRINTED) {
            writeln!(f, "\n{} learner {} waits for {}", it.at, it.learner, it.session)?;
            let behind = it.before.saturating_sub(it.after);
            writeln!(f, "  {} -> {}  {}: {}", it.before, it.after, it.plugin, it.reason)?;
            writeln!(f, "  before {behind} who joined earlier")?;
        }
        for it in self.notices.examples.iter().take(PRINTED) {
            writeln!(f, "\n{} learner {} {}", it.at, it.learner, it.kind)?;
            let after = it.from.map_or_else(|| it.after.word().to_owned(), |from| from.to_string());
            write!(f, "  {} -> {after}  {} {}", it.before.word(), it.told_as.word(), it.person)?;
            writeln!(f, "  {}: {}", it.plugin, it.reason)?;
        }
        let kept = [self.looks.examples.len(), self.waitlist.examples.len(), self.notices.examples.len()];
        let left = kept.map(|examples| examples.saturating_sub(PRINTED)).iter().sum::<usize>();
        if left > 0 {
            writeln!(f, "\n{left} more as csv or json")?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, what: &str, count: impl fmt::Display) -> fmt::Result {
    writeln!(f, "  {what:<44} {count}")
}

/// "12 (30.0 %)".
fn share(part: u64, of: u64) -> String {
    // Tenths of a percent, so that counts need not become floating-point numbers.
    let tenths = u128::from(part) * 1_000 / u128::from(of.max(1));
    format!("{part} ({}.{} %)", tenths / 10, tenths % 10)
}

fn place(place: Option<u32>) -> String {
    place.map_or_else(|| "-".to_owned(), |place| place.to_string())
}
