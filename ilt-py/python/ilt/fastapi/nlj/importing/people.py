"""Everybody who has an account. Who is there already stays as they are, but for their name, their mail address, and that they have left."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any
from uuid import UUID

from ilt import APPLICATION, Channel, Engine, InvalidRequest, NotFound, Person, Role
from ilt.fastapi.nlj.importing.files import brought, only, patient, patiently, side_by_side
from ilt.fastapi.nlj.importing.places import PlacesError
from ilt.fastapi.nlj.importing.reading import Training
from ilt.fastapi.nlj.importing.report import Came, Kind, Line, Report
from ilt.fastapi.nlj.people import DEALER, PERSON, Dealer, own, somebody
from ilt.fastapi.nlj.platform import User
from ilt.fastapi.nlj.tables import several, table

_TABLE = "users"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """Somebody as they are on the platform, and here."""

    user: User
    person: Person | None
    """None when they are not here yet."""
    roles: tuple[str, ...]
    """Those that they have afterwards."""
    has_sessions: bool
    """Whether sessions of the platform are theirs."""
    begins_to_teach: bool
    """Whether the role instructor is new to them."""

    @property
    def is_active(self) -> bool:
        """Whether they are, afterwards: for that, they have to be in both."""
        return self.user.is_active and (self.person is None or bool(self.person.active))

    @property
    def is_as_it_was(self) -> bool:
        """Whether the engine has nothing to learn; where it writes something otherwise, such as blanks, it says so itself."""
        it, person = self.user, self.person
        same = person is not None and (it.name, (it.email or "").lower(), self.is_active) == (
            person.name,
            person.email,
            bool(person.active),
        )
        return same and not self.begins_to_teach

    @property
    def teaches(self) -> bool:
        """Whether sessions of theirs may have them, afterwards."""
        return self.has_sessions and self.is_active and Role.INSTRUCTOR.value in self.roles


class Accounts:
    """Brings in people, and knows of them afterwards.

    Args:
        engine: Where they come in.
        known: Where it is asked who is there already; another one in a dry run, and none when there is nothing yet.
        dealer: Where people work who are not there yet.
        roles: What the platform's roles come to, of people who are not there yet; every other is a learner.
    """

    def __init__(
        self,
        engine: Engine,
        known: Engine | None,
        training: Training,
        dealer: Dealer,
        roles: Mapping[str, tuple[Role, ...]],
        report: Report,
    ) -> None:
        self._engine = engine
        self._known = known
        self._training = training
        self._dealer = dealer
        self._roles = roles
        self._report = report
        self._refused: list[_Account] = []
        self._unnamed_admins = 0
        self._unpromoted = 0
        self.instructors: set[UUID] = set()
        """Who may teach: active people with sessions of theirs."""

    async def take(self, progress: Callable[[str, int, int], None]) -> None:
        """Takes over everybody."""
        await self._place()
        teaching = await self._training.instructors()
        done, all_of_them = 0, await self._training.count(_TABLE)
        async for page in self._training.users():
            accounts = await self._accounts(page, teaching)
            self._refused += [account for account, _ in await self._bring(accounts)]
            done += len(page)
            progress(_TABLE, done, max(done, all_of_them))
        # Addresses that were somebody's who comes later, or that two have exchanged, are free once both come together.
        for account, _ in await self._bring(self._refused):
            for _, why in await self._bring([account]):
                self._left_out(account, why)
        self._tell_of_admins()

    async def _place(self) -> None:
        try:
            await patiently(partial(self._engine.import_csv, "dealers", table(DEALER, [asdict(self._dealer)])))
        except InvalidRequest as wrong:
            raise PlacesError(f"the engine cannot take the dealer: {only(wrong.detail)}") from wrong

    async def _accounts(self, page: list[User], teaching: Collection[UUID]) -> list[_Account]:
        people = await side_by_side(patient(self._person), [it.id for it in page])
        without = [
            user.id
            for user, person in zip(page, people, strict=True)
            if user.id in teaching and person is not None and person.active and not _has(person, Role.INSTRUCTOR)
        ]
        begin = await self._begin_to_teach(without)
        return [self._account(user, person, teaching, begin) for user, person in zip(page, people, strict=True)]

    def _account(self, user: User, person: Person | None, teaching: Collection[UUID], begin: Collection[UUID]) -> _Account:
        wanted = self._roles.get(user.role, (Role.LEARNER,))
        begins = user.id in (teaching if person is None else begin)
        if user.role == "ADMIN" and Role.ADMIN not in wanted:
            self._unnamed_admins += 1
        if person is None:
            roles = [it.value for it in wanted]
        else:
            roles = [it.role if it.dealer in (None, person.dealer) else f"{it.role}@{it.dealer}" for it in person.roles]
            self._unpromoted += Role.ADMIN in wanted and not _has(person, Role.ADMIN)
        if begins:
            roles.append(Role.INSTRUCTOR.value)
        if user.is_active and person is not None and not person.active:
            self._tell(user, "is active on the platform and was deactivated here, and stays so: activate it here where that is not meant")
        return _Account(
            user=user, person=person, roles=tuple(dict.fromkeys(roles)), has_sessions=user.id in teaching, begins_to_teach=begins
        )

    async def _begin_to_teach(self, people: list[UUID]) -> set[UUID]:
        """Those with a session that the engine has not got yet. Who taught before and has the role no more has lost it here."""

        async def is_new(session: UUID) -> bool:
            assert self._known is not None
            try:
                await self._known.session(session, actor=APPLICATION)
            except NotFound:
                return True
            return False

        led = await self._training.led_by(people)
        news = await side_by_side(patient(is_new), [session for session, _ in led])
        return {who for (_, who), new in zip(led, news, strict=True) if new}

    async def _person(self, id: UUID) -> Person | None:
        return None if self._known is None else await somebody(self._known, id)

    async def _bring(self, accounts: list[_Account]) -> list[tuple[_Account, str]]:
        """Brings these in together; answers who was refused, and why."""
        # Nothing is written that somebody may be changing at this moment.
        asked = [it for it in accounts if not it.is_as_it_was] if self._engine is self._known else accounts
        if self._engine is self._known:
            added, changed, wrong = await brought(self._engine, "people", PERSON, [self._row(it) for it in asked])
        else:
            _, _, wrong = await brought(self._engine, "people", PERSON, [self._row(it, alone=True) for it in asked])
            came = [it for at, it in enumerate(asked) if at not in wrong]
            added = sum(it.person is None for it in came)
            changed = await self._would_change([it for it in came if it.person is not None and not it.is_as_it_was])
        self._report.count(_TABLE, Came.NEW, added)
        self._report.count(_TABLE, Came.CHANGED, changed)
        self._report.count(_TABLE, Came.THERE, len(accounts) - len(wrong) - added - changed)
        refused = {asked[at].user.id: (asked[at], why) for at, why in sorted(wrong.items())}
        for account in accounts:
            is_refused = account.user.id in refused
            if account.teaches and not (is_refused and account.begins_to_teach):
                self.instructors.add(account.user.id)
            if account.begins_to_teach and not is_refused:
                self._tell(account.user, "teaches sessions on the platform, and has the role instructor here")
        return list(refused.values())

    async def _would_change(self, there: list[_Account]) -> int:
        if self._known is None or not there:
            return 0
        _, changed, _ = await brought(self._known, "people", PERSON, [self._row(it) for it in there], rehearse=True)
        return changed

    def _row(self, account: _Account, *, alone: bool = False) -> dict[str, Any]:
        """Their line of a file; `alone`, in an engine that has nothing of what theirs refers to."""
        user, person = account.user, account.person
        ours = {"id": user.id, "name": user.name, "email": user.email, "active": "true" if account.is_active else "false"}
        new = {"dealer": self._dealer.id, "zone": self._dealer.zone, "notify_by": Channel.MAIL.value}
        if person is None or alone:
            return {**ours, **new, "roles": several(dict.fromkeys(it.partition("@")[0] for it in account.roles))}
        return {
            **ours,
            "dealer": person.dealer or "",
            "roles": several(account.roles),
            **own(person),
        }

    def _tell_of_admins(self) -> None:
        if (count := self._unnamed_admins) and "ADMIN" not in self._roles:
            why = f"{count} users have the role ADMIN, which is not taken over: name admins in the engine, or pass --admins"
            self._report.tell(Line(kind=Kind.NOT_KEPT, table=_TABLE, id=None, say=why, count=count))
        if count := self._unpromoted:
            why = (
                f"{count} users have the role ADMIN, and are here already without it: roles of who is here stay, name admins in the engine"
            )
            self._report.tell(Line(kind=Kind.NOT_KEPT, table=_TABLE, id=None, say=why, count=count))

    def _left_out(self, account: _Account, why: str) -> None:
        self._report.count(_TABLE, Came.LEFT_OUT)
        say = f"the engine cannot take this account as it is: {why}. Put that right there"
        self._report.tell(Line(kind=Kind.LEFT_OUT, table=_TABLE, id=account.user.id, say=say))

    def _tell(self, user: User, how: str) -> None:
        self._report.tell(Line(kind=Kind.CHANGED, table=_TABLE, id=user.id, say=how))


def _has(person: Person, role: Role) -> bool:
    return any(it.role is role for it in person.roles)
