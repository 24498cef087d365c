"""From the free texts that sessions have for a place to the engine's locations, by a file that somebody fills in."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from ilt import APPLICATION, Engine, NotFound
from ilt.fastapi.nlj.importing.reading import Text
from ilt.fastapi.nlj.people import Dealer

_CENTRES = UUID("9a0c5b1e-6d0b-5a43-8d5e-0f6f6c8a2b71")
"""What the ids of new centres are made from, so that they are the same in each run."""


class PlacesError(ValueError):
    """The file of places makes no sense; it says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """A location, as the engine reads it from a file."""

    id: UUID
    name: str
    city: str
    lat: float
    """Degrees north."""
    lon: float
    """Degrees east."""
    zone: str
    """IANA time zone, such as Europe/Berlin."""
    address: str = ""
    country: str = ""
    rooms: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a text means."""

    id: UUID
    """Of a location."""
    new: Centre | None = None
    """What it is, where the engine may not have it yet."""
    utc_is_wall_clock: bool = False
    """Whether starts of sessions that say UTC are what clocks on the wall show there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The whole file."""

    dealer: Dealer
    """Where people work whom the engine does not know yet."""
    by_text: Mapping[str, Place]
    """By the text, folded."""

    def of(self, text: str | None) -> Place | None:
        """What a text means, in whatever case and with whatever blanks it is written."""
        return self.by_text.get(folded(text))

    async def centres(self, engine: Engine | None) -> tuple[dict[UUID, Centre], set[UUID]]:
        """Every centre that a text means, and which of them the engine has already; without one it has none.

        Raises:
            PlacesError: the file names a location that the engine does not have.
        """
        found: dict[UUID, Centre] = {}
        there: set[UUID] = set()
        for place in self.by_text.values():
            if place.id in found:
                continue
            centre = None if engine is None else await _asked(engine, place.id)
            if centre is not None:
                there.add(place.id)
            elif place.new is None:
                raise PlacesError(f"the engine has no location {place.id}: say name, city, lat, lon and zone for a new one")
            else:
                centre = place.new
            found[place.id] = centre
        return found, there


def folded(text: str | None) -> str:
    """A text without what people do not see: case, and blanks more than one."""
    return " ".join((text or "").split()).casefold()


def read(path: Path) -> Places:
    """Reads a file of places.

    Raises:
        PlacesError: it cannot be read, or says too little.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise PlacesError(f"{path.name} cannot be read: {wrong}") from None
    dealer = said.get("dealer")
    if not isinstance(dealer, dict):
        raise PlacesError("[dealer] is missing: say id, name, city, lat, lon and zone of where people work")
    what: dict[str, Any] = {**_where("dealer", dealer), **{name: str(dealer.get(name, "")) for name in ("group", "region")}}
    works_at = Dealer(id=_id("dealer", dealer), **what)
    return Places(dealer=works_at, by_text=_by_text(_tables(said.get("places", {}))))


def _by_text(said: Mapping[str, Any]) -> dict[str, Place]:
    found: dict[str, tuple[str, Place]] = {}
    for text, it in said.items():
        where = f"places.{_quoted(text)}"
        place = _place(where, it)
        first, other = found.setdefault(folded(text), (where, place))
        if place != other:
            raise PlacesError(
                f"{first} and {where} are one text, in whatever case and with whatever blanks, and say different things: keep one"
            )
    return {text: place for text, (_, place) in found.items()}


def template(texts: Iterable[Text], places: Places | None = None) -> str:
    """The lines to be filled in, for texts that mean nothing yet; with the dealer, unless there is a file that has one."""
    merged: dict[str, list[Text]] = {}
    for it in texts:
        if places is None or places.of(it.location) is None:
            merged.setdefault(folded(it.location), []).append(it)
    lines = []
    if places is None:
        lines += ["# Where people work whom the engine does not know yet.", "[dealer]", f'id = "{uuid4()}"', 'name = "?"', 'city = "?"']
        lines += ['lat = "?"', 'lon = "?"', 'zone = "?"', ""]
    if merged:
        lines += ["# A location's id for one that the engine has, or what a new one is.", "[places]"]
    for said in merged.values():
        lines += [f"# {_sessions(sum(it.sessions for it in said))}", entry(said)]
    return "\n".join(lines)


def entry(said: list[Text]) -> str:
    """The line to be filled in for one text."""
    zones = [it.timezone for it in sorted(said, key=lambda it: -it.sessions) if (it.timezone or "UTC").upper() != "UTC"]
    zone = next((it for it in zones if _is_zone(it)), None)
    name = " ".join((said[0].location or "").split())
    cells = f'name = {_quoted(name or "?")}, city = "?", lat = "?", lon = "?", zone = {_quoted(zone or "?")}'
    return f"{_quoted(name)} = {{ {cells} }}"


def _is_zone(name: str | None) -> bool:
    try:
        ZoneInfo(name or "")
    except (ValueError, OSError, KeyError):
        return False
    return True


def _sessions(count: int) -> str:
    return "1 session" if count == 1 else f"{count} sessions"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


async def _asked(engine: Engine, id: UUID) -> Centre | None:
    try:
        it = await engine.location(id, actor=APPLICATION)
    except NotFound:
        return None
    more = {"address": it.address or "", "country": it.country or "", "rooms": ";".join(it.rooms)}
    return Centre(id=it.id, name=it.name, city=it.city, lat=it.lat, lon=it.lon, zone=it.zone, **more)


def _tables(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise PlacesError("[places] must be a table of texts")
    return said


def _place(where: str, said: Any) -> Place:
    if isinstance(said, str):
        return Place(id=_id(where, {"id": said}))
    if not isinstance(said, dict):
        raise PlacesError(f"{where} must be the id of a location, or a table with name, city, lat, lon and zone")
    odd = set(said) - {"id", "name", "city", "lat", "lon", "zone", "address", "country", "utc_is_wall_clock"}
    if odd:
        raise PlacesError(f"{where} has what nobody reads: {', '.join(sorted(odd))}")
    wall = said.get("utc_is_wall_clock", False)
    if not isinstance(wall, bool):
        raise PlacesError(f"{where}.utc_is_wall_clock must be true or false")
    if "name" not in said:
        return Place(id=_id(where, said), utc_is_wall_clock=wall)
    what: dict[str, Any] = {**_where(where, said), **{name: str(said.get(name, "")) for name in ("address", "country")}}
    one = _id(where, said) if "id" in said else uuid5(_CENTRES, f"{folded(what['name'])}\n{folded(what['city'])}")
    return Place(id=one, new=Centre(id=one, **what), utc_is_wall_clock=wall)


def _id(where: str, said: dict[str, Any]) -> UUID:
    try:
        return UUID(str(said.get("id", "")))
    except ValueError:
        raise PlacesError(f"{where}.id must be a UUID") from None


def _where(where: str, said: dict[str, Any]) -> dict[str, Any]:
    for name in ("name", "city", "zone"):
        if not isinstance(said.get(name), str) or said[name].strip() in ("", "?"):
            raise PlacesError(f"{where}.{name} must be a text")
    for name, most in (("lat", 90), ("lon", 180)):
        if not isinstance(said.get(name), int | float) or isinstance(said[name], bool) or not -most <= said[name] <= most:
            raise PlacesError(f"{where}.{name} must be a number of degrees")
    if not _is_zone(said["zone"]):
        raise PlacesError(f"{where}.zone must be an IANA time zone, such as Europe/Berlin")
    return {name: said[name] for name in ("name", "city", "lat", "lon", "zone")}


def row(centre: Centre) -> dict[str, Any]:
    """A centre's line of a file."""
    return asdict(centre)
