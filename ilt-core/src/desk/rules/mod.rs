//! What the desk adds to the single decisions: scopes, repeated requests, alternatives, planning, records.

mod adopting;
mod alternatives;
mod answers;
mod attending;
mod blocks;
mod crowd;
mod due;
mod life;
mod moving;
mod overriding;
mod parts;
mod places;
mod planning;
mod plugins;
mod records;
mod reminding;
mod repeats;
mod texts;
mod walking_in;
