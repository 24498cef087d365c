//! Which version each family of resources is spoken to in. Nowhere else says one.

/// Resources that share a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Whose key it is.
    Me,
    /// When somebody can be booked.
    Schedules,
    /// What can be booked.
    EventTypes,
    /// When there is room.
    Slots,
    /// Who has booked, attendance and places included.
    Bookings,
    /// Where Cal.com tells what happens.
    Webhooks,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 6] =
        [Self::Me, Self::Schedules, Self::EventTypes, Self::Slots, Self::Bookings, Self::Webhooks];

    /// What `cal-api-version` says; nothing for families that have one version only.
    ///
    /// These are the newest that Cal.diy 6.2, images from before it and the hosted Cal.com know alike. A Cal.com that does not
    /// know a version answers as in its oldest without a word (recorded: 055, 056), so a newer one must never be tried.
    pub const fn version(self) -> Option<&'static str> {
        match self {
            Self::Me | Self::Webhooks => None,
            Self::Schedules => Some("2024-06-11"),
            Self::EventTypes => Some("2024-06-14"),
            Self::Slots => Some("2024-09-04"),
            Self::Bookings => Some("2024-08-13"),
        }
    }

    /// The word for it, in metrics.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::Schedules => "schedules",
            Self::EventTypes => "event-types",
            Self::Slots => "slots",
            Self::Bookings => "bookings",
            Self::Webhooks => "webhooks",
        }
    }

    /// What people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Me => "the key's own user",
            Self::Schedules => "schedules",
            Self::EventTypes => "event types",
            Self::Slots => "slots",
            Self::Bookings => "bookings",
            Self::Webhooks => "webhooks",
        }
    }
}
