//! Plugins: who may use which, and what becomes of them.

use crate::access;
use crate::desk::batch::{About, Desk, Stop};
use crate::desk::{Order, Refusal, Reply};
use crate::journal::Event;
use crate::plugin::{self, Act, Change, Step, Whose};
use crate::registration::decide::is_given;

impl Desk<'_> {
    pub(super) fn change_plugin(&mut self, order: &Order, change: &Change) -> Result<Reply, Stop> {
        let before = self.world.plugins.get(&change.plugin).cloned();
        match (&before, &change.act) {
            (Some(before), _) => {
                let actor = self.actor(order)?;
                if actor.is_some_and(|actor| !access::know_of_plugin(actor, before, &self.world.dealers)) {
                    return Err(Refusal::not_found("plugin").into());
                }
                self.must_look_after(order, &before.whose)?;
            }
            (None, Act::Add { whose, .. }) => {
                self.must_look_after(order, whose)?;
                self.must_exist(whose)?;
                plugin::not_too_many(self.world.plugins.values(), whose)?;
            }
            (None, _) => return Err(Refusal::not_found("plugin").into()),
        }
        let is_new = before.is_none();
        let reply = |version, changed| Reply::Saved {
            added: usize::from(is_new),
            changed,
            one: Some((change.plugin.0, version)),
            picture: None,
        };
        let Some((did, after)) = plugin::changed(before.as_ref(), change)? else {
            return Ok(reply(before.map_or(0, |before| before.version), 0));
        };
        let reason = change.reason.clone().filter(|reason| is_given(Some(reason)));
        let about = About { reason, ..About::default() };
        let version = after.version;
        let event = Event::PluginChanged { did, plugin: Box::new(after.clone()) };
        self.record(order, &order.actor, about, event)?;
        self.changes.plugins.insert(after.id, (did != Step::Removed).then_some(after));
        Ok(reply(version, usize::from(!is_new)))
    }

    fn must_look_after(&self, order: &Order, whose: &Whose) -> Result<(), Refusal> {
        let Some(actor) = self.actor(order)? else { return Ok(()) };
        access::look_after_plugins(actor, whose)
    }

    fn must_exist(&self, whose: &Whose) -> Result<(), Refusal> {
        match whose {
            Whose::Dealer(dealer) if !self.world.dealers.contains_key(dealer) => {
                Err(Refusal::invalid("/dealer", "this dealer does not exist"))
            }
            Whose::DealerGroup(group)
                if !self.world.dealers.values().any(|it| it.group.as_ref() == Some(group)) =>
            {
                Err(Refusal::invalid("/dealer_group", "no dealer belongs to this group"))
            }
            _ => Ok(()),
        }
    }
}
