//! What happens, told while it does.

use super::Play;
use crate::words::Names;

impl Play<'_> {
    pub(super) fn tell(&mut self, say: impl FnOnce(&Names<'_>) -> String) {
        if self.tells {
            let said = self.database.see(|world, _| say(&Names(world)));
            self.outcome.told.push(said);
        }
    }

    pub(super) fn tell_entries(&mut self) {
        if !self.tells {
            return;
        }
        let from = self.told_until;
        let said = self.database.see(|world, entries| {
            let names = Names(world);
            entries[from..]
                .iter()
                .map(|it| format!("    {:>5} {}", it.sequence, names.entry(it)))
                .collect::<Vec<_>>()
        });
        self.told_until += said.len();
        self.outcome.told.extend(said);
    }
}
