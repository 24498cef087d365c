"""Taking over what exists on a platform of an older contract: `ilt import-nlj`, and the same for programs.

    async with Engine() as engine:
        report = await take_over(engine, Training(database), read(Path("places.toml")), Written(sys.stdout), wish=Wish(roles={}))

People, programmes and sessions keep their ids; a booking becomes a registration with an id of the engine's own, and the report says
which. Whoever waits is booked without being asked once it is their turn, as the router has it.

What an earlier run has brought in stays as it is in the engine, whatever became of it there or on the platform, but for names, mail
addresses, titles and who has left. Roles of people who are there stay, but that whoever begins to teach gets the role instructor; who was
deactivated in the engine stays so. So the platform's own training pages should be closed to changes when the last run begins: what is moved
or cancelled there after it has come in does not come after it, and only sessions that are called off are told of.

# Flow
[`reading`] has pages of the platform, whose tables [`columns`] looks at first → [`people`] and [`catalogue`] bring in people, courses and
places → [`pages`] plans each page of sessions ([`sessions`]), brings them in as one file ([`files`]), and has their bookings, put in order
by [`claims`], registered by [`registering`], while [`silence`] listens whether prerequisites can be asked about; [`history`] brings in who
completed what. What is told goes through [`report`]. A dry run does the same to an engine that is thrown away.

# Deliberately absent
* When somebody registered on the platform decides the order alone: registrations are dated when they come in. Notes, special
  requirements, `registration_method`, and what was sent to whom are not read. A cancelled booking does not come in.
* Registrations and attendance of sessions that are over, or called off: of those that are over the engine keeps the session, as
  completed, and who completed it, on the day on which it ended where the dealer is. Times of arrival, scores and certificates are not read.
* Why a session was called off, its notes, `location_details`, `location_override` and `cal_*`. A session is one part, in no room; one of a
  day or more is refused, and told of. A minimum number of people is not known there: it is none.
* A clash does not keep a seat from coming in, and is told of as far as two seats are at the same time; ways between places are not counted.
* A dry run does not know what only the engine has: see `rehearse`.
"""

from ilt.fastapi.nlj.importing.places import Places, PlacesError, read, template
from ilt.fastapi.nlj.importing.reading import Training
from ilt.fastapi.nlj.importing.report import Came, Hears, Kind, Line, Report, Written
from ilt.fastapi.nlj.importing.taking import Wish, rehearse, take_over

__all__ = [
    "Came",
    "Hears",
    "Kind",
    "Line",
    "Places",
    "PlacesError",
    "Report",
    "Training",
    "Wish",
    "Written",
    "read",
    "rehearse",
    "take_over",
    "template",
]
