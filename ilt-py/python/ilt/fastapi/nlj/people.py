"""People of the platform, known to the engine by the ids that they have there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from ilt import APPLICATION, Channel, Engine, Grant, InvalidRequest, NotFound, Person, Role
from ilt.fastapi.nlj.platform import User
from ilt.fastapi.nlj.tables import Difference, several, table

ROLES: Mapping[str, tuple[Role, ...]] = MappingProxyType({"ADMIN": (Role.ADMIN, Role.LEARNER)})
"""What the platform's roles come to; every other is a learner."""

_log = logging.getLogger("ilt.nlj")
DEALER = ("id", "name", "group", "region", "city", "lat", "lon", "zone")
PERSON = (
    "id",
    "name",
    "email",
    "dealer",
    "roles",
    "manager",
    "stands_in_for",
    "preferred_locations",
    "preferred_times",
    "interests",
    "notify_by",
    "zone",
    "active",
)
_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealer:
    """Where people work whom the engine does not know yet: every learner works for a dealer, and the platform has none.

    The engine has it as it is said here, also when it was another before.
    """

    id: UUID
    name: str
    city: str
    lat: float
    lon: float
    zone: str
    """IANA time zone, such as Europe/Berlin."""
    group: str = ""
    """The dealer group whose rules it shares."""
    region: str = ""


class People:
    """Keeps the engine's people in step with the platform's.

    Name, mail address, whether they are active, and the roles that the map speaks of are the platform's. Everything else that the
    engine knows of somebody stays as it is there: dealer, manager, zone, wishes, and roles such as instructor.
    """

    def __init__(
        self, engine: Engine, dealer: Dealer, roles: Mapping[str, tuple[Role, ...]] = ROLES, *, instructors: Collection[UUID] = ()
    ) -> None:
        """With `instructors`, those people have the role instructor as well; others do not lose it."""
        self._engine = engine
        self._dealer = dealer
        self._roles = roles
        self._instructors = instructors
        self._mapped = {Role.LEARNER}.union(*roles.values())
        self._has_dealer = False
        self._told: dict[UUID, User] = {}
        self._waiting: dict[UUID, User] = {}
        self._one_by_one = asyncio.Lock()

    async def known(self, users: Iterable[User]) -> None:
        """Has the engine know them as they are now. Costs nothing for people who have not changed since this process saw them last.

        Whoever comes while others are brought in waits, and is brought in together with everybody who came meanwhile.

        Raises:
            InvalidRequest: the engine cannot take somebody as they are, such as two people with one mail address.
        """
        news = [it for it in users if self._told.get(it.id) != it]
        self._waiting.update((it.id, it) for it in news)
        if not news:
            return
        async with self._one_by_one:
            while self._waiting:
                batch = [self._waiting.pop(one) for one in list(self._waiting)[:_AT_ONCE]]
                try:
                    await self._bring(batch)
                except InvalidRequest:
                    # One of them keeps the others out: who it is comes out below, each for themselves.
                    continue
            for user in news:
                if self._told.get(user.id) != user:
                    await self._bring_alone(user)

    async def difference(self, user: User) -> Difference:
        """What the engine would learn of somebody, as far as it is told here."""
        person = await somebody(self._engine, user.id)
        if person is None:
            return Difference.NEW
        return Difference.NONE if self._row(user, person) is None else Difference.CHANGED

    async def _bring_alone(self, user: User) -> None:
        try:
            await self._bring([user])
        except InvalidRequest as wrong:
            _log.warning("user %s cannot be known to the engine: %s", user.id, wrong.detail)
            detail = "This account cannot be used for training as it is: ask whoever administers the platform"
            raise InvalidRequest._of("account-unusable", 422, detail) from wrong

    async def _bring(self, users: list[User]) -> None:
        if not self._has_dealer:
            await self._engine.import_csv("dealers", table(DEALER, [asdict(self._dealer)]))
            self._has_dealer = True
        found = await asyncio.gather(*(somebody(self._engine, it.id) for it in users))
        rows = [row for user, person in zip(users, found, strict=True) if (row := self._row(user, person)) is not None]
        if rows:
            await self._engine.import_csv("people", table(PERSON, rows))
        self._told.update((it.id, it) for it in users)

    def _row(self, user: User, person: Person | None) -> dict[str, Any] | None:
        """Their line of a file; none when nothing is to be changed."""
        wanted = self._roles.get(user.role, (Role.LEARNER,))
        if user.id in self._instructors:
            wanted = tuple(dict.fromkeys((*wanted, Role.INSTRUCTOR)))
        ours = {"id": user.id, "name": user.name, "email": user.email, "active": "true" if user.is_active else "false"}
        if person is None:
            rest = {"dealer": self._dealer.id, "zone": self._dealer.zone, "notify_by": Channel.MAIL.value, "roles": several(wanted)}
            return {**ours, **rest}
        dealer = person.dealer or self._dealer.id
        kept = [it for it in person.roles if it.role not in self._mapped or it.role in wanted]
        grants = list(dict.fromkeys([*kept, *(self._grant(it, dealer) for it in wanted)]))
        same = (person.name, person.email, bool(person.active), set(person.roles)) == (user.name, user.email, user.is_active, set(grants))
        if same and person.dealer is not None:
            return None
        return {
            **ours,
            "dealer": dealer,
            "roles": several(it.role if it.dealer in (None, dealer) else f"{it.role}@{it.dealer}" for it in grants),
            **own(person),
        }

    @staticmethod
    def _grant(role: Role, dealer: UUID) -> Grant:
        return Grant(role=role, dealer=None if role in (Role.ADMIN, Role.INSTRUCTOR) else dealer)


async def somebody(engine: Engine, id: UUID) -> Person | None:
    """Whoever has this id in the engine."""
    try:
        return await engine.person(id, actor=APPLICATION)
    except NotFound:
        return None


def own(person: Person) -> dict[str, Any]:
    """What of somebody's line only the engine knows, as it is there."""
    return {
        "manager": person.manager or "",
        "stands_in_for": several(person.stands_in_for),
        "preferred_locations": several(person.preferred_locations),
        "preferred_times": several(person.preferred_times),
        "interests": several(person.interests),
        "notify_by": several(person.notify_by),
        "zone": person.zone,
    }
