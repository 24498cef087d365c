//! Reading the journal ahead of whoever follows it, page by page.

use std::sync::Arc;

use ilt_core::journal::Entry;
use ilt_core::ports::{Journal, StoreError};
use tokio::sync::mpsc;

/// Entries read at once.
const PAGE: u32 = 1_000;
/// Pages that wait to be followed.
const AHEAD: usize = 2;

/// The pages of the journal from its beginning up to entry `head`, until nobody wants more.
pub(super) fn pages(journal: Arc<dyn Journal>, head: u64) -> mpsc::Receiver<Result<Vec<Entry>, StoreError>> {
    let (sender, pages) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut after = 0;
        while after < head {
            let page = journal.after(after, PAGE).await;
            let last = match &page {
                Ok(entries) => entries.last().map(|entry| entry.sequence),
                Err(_) => None,
            };
            let page = page.map(|mut entries| {
                entries.retain(|entry| entry.sequence <= head);
                entries
            });
            if sender.send(page).await.is_err() {
                return;
            }
            let Some(last) = last else { return };
            after = last;
        }
    });
    pages
}
