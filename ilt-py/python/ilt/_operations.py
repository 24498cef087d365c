"""Every use case. Written by ilt-py/generate from docs/openapi.json; not by hand."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ilt import _write as _to
from ilt._actor import UNSET, Actor, Unset
from ilt._types import (
    Alive,
    Alternatives,
    ApiKeyMade,
    ApiKeys,
    AskedAnew,
    Blocks,
    Channel,
    Completion,
    CompletionPage,
    Component,
    Course,
    CoursePage,
    Displaced,
    Feed,
    Grant,
    Group,
    HistoryOfPlugin,
    JournalEntryPage,
    Key,
    Location,
    LocationPage,
    LogOfPlugin,
    MarkBody,
    MarkedViews,
    Me,
    MonthlyPage,
    OnFull,
    Own,
    PartBody,
    Person,
    PersonPage,
    Plugin,
    Plugins,
    ProgrammeType,
    Ready,
    Registration,
    RegistrationPage,
    Rehearsal,
    RosterAnswer,
    Rule,
    Rules,
    Session,
    SessionPage,
    SessionShown,
    SessionStage,
    SignIns,
)


class Operations(ABC):
    """Every use case of the engine: the operations of its REST contract, by their names.

    `actor` is who asks: the id of a person, whose rights are looked up, or `APPLICATION` for this program itself. `key` makes a repetition
    answer what was answered first. `if_match` is the version that you change. Points in time have a zone.

    Whatever is refused raises an `IltError` of its kind; its `code` is stable, and its `facts` are what is known of the case.
    """

    @abstractmethod
    async def _json(
        self,
        method: str,
        path: str,
        *,
        actor: Actor | None,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
        if_match: int | None = None,
    ) -> Any: ...

    @abstractmethod
    async def _text(
        self, method: str, path: str, kind: str, *, actor: Actor | None, query: dict[str, Any] | None = None
    ) -> str: ...

    @abstractmethod
    async def _upload(self, path: str, body: bytes, *, actor: Actor | None) -> Any: ...

    async def accept_offer(self, id: UUID, *, actor: Actor, key: str | None = None) -> Registration:
        """Takes the seat that is offered, or the one that was announced to everybody who waits: there the first wins.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/accept", actor=actor, key=key)
        return Registration._read(said)

    async def activate_plugin(
        self,
        id: UUID,
        *,
        actor: Actor,
        reason: str,
        edition: int | None = None,
        key: str | None = None,
    ) -> Plugin:
        """Has an edition of a plugin count from now on, on every host within a second.

        Args:
            reason: Why.
            edition: Its number; the newest when absent.
        """
        body: dict[str, Any] = {}
        body["reason"] = _to.text("reason", reason)
        if edition is not None:
            body["edition"] = _to.whole("edition", edition)
        said = await self._json("POST", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/activate", actor=actor, body=body, key=key)
        return Plugin._read(said)

    async def add_course(
        self,
        *,
        actor: Actor,
        length: timedelta,
        programme_type: ProgrammeType,
        title: str,
        equivalents: Iterable[UUID] | None = None,
        prerequisites: Iterable[UUID] | None = None,
        summary: str | None = None,
        topics: Iterable[str] | None = None,
        track: str | None = None,
        travel: bool | None = None,
        validity_months: int | None = None,
        key: str | None = None,
    ) -> Course:
        """Adds a course.

        Args:
            length: Teaching time.
            equivalents: Courses whose completion counts as this one.
            prerequisites: Courses that must be completed, and still valid, before a registration.
            track: The certification track it counts towards.
            travel: People travel to it: cancelling is late inside business days, not hours.
            validity_months: Months a completion stays valid; absent for ever.
        """
        body: dict[str, Any] = {}
        body["length"] = _to.length("length", length)
        body["programme_type"] = _to.word("programme_type", ProgrammeType, programme_type)
        body["title"] = _to.text("title", title)
        if equivalents is not None:
            body["equivalents"] = _to.several("equivalents", equivalents, _to.uuid)
        if prerequisites is not None:
            body["prerequisites"] = _to.several("prerequisites", prerequisites, _to.uuid)
        if summary is not None:
            body["summary"] = _to.text("summary", summary)
        if topics is not None:
            body["topics"] = _to.several("topics", topics, _to.text)
        if track is not None:
            body["track"] = _to.text("track", track)
        if travel is not None:
            body["travel"] = _to.flag("travel", travel)
        if validity_months is not None:
            body["validity_months"] = _to.whole("validity_months", validity_months)
        said = await self._json("POST", "/v1/courses", actor=actor, body=body, key=key)
        return Course._read(said)

    async def add_location(
        self,
        *,
        actor: Actor,
        city: str,
        lat: float,
        lon: float,
        name: str,
        zone: str,
        address: str | None = None,
        country: str | None = None,
        rooms: Iterable[str] | None = None,
        key: str | None = None,
    ) -> Location:
        """Adds a location.

        Args:
            lat: Degrees north.
            lon: Degrees east.
        """
        body: dict[str, Any] = {}
        body["city"] = _to.text("city", city)
        body["lat"] = _to.number("lat", lat)
        body["lon"] = _to.number("lon", lon)
        body["name"] = _to.text("name", name)
        body["zone"] = _to.text("zone", zone)
        if address is not None:
            body["address"] = _to.text("address", address)
        if country is not None:
            body["country"] = _to.text("country", country)
        if rooms is not None:
            body["rooms"] = _to.several("rooms", rooms, _to.text)
        said = await self._json("POST", "/v1/locations", actor=actor, body=body, key=key)
        return Location._read(said)

    async def add_person(
        self,
        *,
        actor: Actor,
        email: str,
        name: str,
        zone: str,
        active: bool | None = None,
        dealer: UUID | None = None,
        interests: Iterable[str] | None = None,
        manager: UUID | None = None,
        notify_by: Iterable[Channel] | None = None,
        preferred_locations: Iterable[UUID] | None = None,
        preferred_times: Iterable[str] | None = None,
        roles: Iterable[Grant] | None = None,
        stands_in_for: Iterable[UUID] | None = None,
        key: str | None = None,
    ) -> Person:
        """Adds a person; a dealer admin adds those of the dealer.

        Args:
            dealer: Where they work.
            manager: Who leads them.
            notify_by: How they are told: `mail`, `sms`, `push`; not at all when empty.
            preferred_locations: Where they would rather be trained than near their dealer; the nearest counts.
            preferred_times: When they would rather be trained: weekdays, or parts of them.
            stands_in_for: Managers for whose teams they decide as well, as deputies; the role manager at the dealer is needed too.
        """
        body: dict[str, Any] = {}
        body["email"] = _to.text("email", email)
        body["name"] = _to.text("name", name)
        body["zone"] = _to.text("zone", zone)
        if active is not None:
            body["active"] = _to.flag("active", active)
        if dealer is not None:
            body["dealer"] = _to.uuid("dealer", dealer)
        if interests is not None:
            body["interests"] = _to.several("interests", interests, _to.text)
        if manager is not None:
            body["manager"] = _to.uuid("manager", manager)
        if notify_by is not None:
            body["notify_by"] = _to.several("notify_by", notify_by, lambda name, one: _to.word(name, Channel, one))
        if preferred_locations is not None:
            body["preferred_locations"] = _to.several("preferred_locations", preferred_locations, _to.uuid)
        if preferred_times is not None:
            body["preferred_times"] = _to.several("preferred_times", preferred_times, _to.text)
        if roles is not None:
            body["roles"] = _to.several("roles", roles, lambda name, one: _to.record(name, Grant, one))
        if stands_in_for is not None:
            body["stands_in_for"] = _to.several("stands_in_for", stands_in_for, _to.uuid)
        said = await self._json("POST", "/v1/people", actor=actor, body=body, key=key)
        return Person._read(said)

    async def add_plugin(
        self,
        *,
        actor: Actor,
        component: str,
        dealer: UUID | None = None,
        dealer_group: str | None = None,
        place: int | None = None,
        settings: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> Plugin:
        """Uses a component for the learners of a dealer, of a group or of everybody. It is off at first.

        The component itself says what is wrong with the settings.

        Args:
            component: The digest of what was uploaded.
            dealer: For the learners of this dealer.
            dealer_group: For the learners of the dealers of this group; for everybody's when there is no dealer either.
            place: Where it comes among others: the smallest first.
            settings: As the schema of the component says.
        """
        body: dict[str, Any] = {}
        body["component"] = _to.text("component", component)
        if dealer is not None:
            body["dealer"] = _to.uuid("dealer", dealer)
        if dealer_group is not None:
            body["dealer_group"] = _to.text("dealer_group", dealer_group)
        if place is not None:
            body["place"] = _to.whole("place", place)
        if settings is not None:
            body["settings"] = _to.tree("settings", settings)
        said = await self._json("POST", "/v1/plugins", actor=actor, body=body, key=key)
        return Plugin._read(said)

    async def add_session(
        self,
        *,
        actor: Actor,
        capacity: int,
        course: UUID,
        location: UUID,
        parts: Iterable[PartBody],
        instructors: Iterable[UUID] | None = None,
        minimum: int | None = None,
        override_reason: str | None = None,
        waitlist: bool | None = None,
        key: str | None = None,
    ) -> Session:
        """Plans a session, as a draft.

        Args:
            override_reason: Why an instructor or a room is booked twice, when it is; not kept with the session, but in its journal.
        """
        body: dict[str, Any] = {}
        body["capacity"] = _to.whole("capacity", capacity)
        body["course"] = _to.uuid("course", course)
        body["location"] = _to.uuid("location", location)
        body["parts"] = _to.several("parts", parts, lambda name, one: _to.record(name, PartBody, one))
        if instructors is not None:
            body["instructors"] = _to.several("instructors", instructors, _to.uuid)
        if minimum is not None:
            body["minimum"] = _to.whole("minimum", minimum)
        if override_reason is not None:
            body["override_reason"] = _to.text("override_reason", override_reason)
        if waitlist is not None:
            body["waitlist"] = _to.flag("waitlist", waitlist)
        said = await self._json("POST", "/v1/sessions", actor=actor, body=body, key=key)
        return Session._read(said)

    async def alternatives(self, id: UUID, *, actor: Actor, learner: UUID | None = None) -> Alternatives:
        """Up to three sessions to take instead, best first; also when seats are open.

        Args:
            learner: For whom; yourself when absent.
        """
        query: dict[str, Any] = {}
        if learner is not None:
            query["learner"] = _to.uuid("learner", learner)
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/alternatives", actor=actor, query=query)
        return Alternatives._read(said)

    async def api_keys(self, id: UUID, *, actor: Actor) -> ApiKeys:
        """Keys with which other systems ask in somebody's name, the newest first."""
        said = await self._json("GET", f"/v1/people/{_to.segment(_to.uuid('id', id))}/keys", actor=actor)
        return ApiKeys._read(said)

    async def approve_registration(self, id: UUID, *, actor: Actor, key: str | None = None) -> Registration:
        """Says yes to a request, or beforehand to one who waits; for whoever leads the learner."""
        body: dict[str, Any] = {}
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/approve", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def ask_plugin_anew(self, id: UUID, *, actor: Actor, cursor: str | None = None) -> AskedAnew:
        """Asks the rules that count now about learners for whom this plugin speaks and who wait already, 200 at a time, soonest sessions
        first. Whoever was put somewhere by a person stays there, and so do people who wait together. Asking twice changes nothing.
        """
        query: dict[str, Any] = {}
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("POST", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/ask-anew", actor=actor, query=query)
        return AskedAnew._read(said)

    async def blocks(self, id: UUID, *, actor: Actor) -> Blocks:
        """What is set aside, for the dealers you look after."""
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/blocks", actor=actor)
        return Blocks._read(said)

    async def calendar_feed(self, secret: str) -> str:
        """Everything one person has registered for, for a calendar program."""
        return await self._text("GET", f"/calendar/{_to.segment(_to.text('secret', secret))}", "text/calendar", actor=None)

    async def cancel_registration(
        self,
        id: UUID,
        *,
        actor: Actor,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Gives a registration back.

        Args:
            reason: Needed when it is late.
        """
        body: dict[str, Any] = {}
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/cancel", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def cancel_session(self, id: UUID, *, actor: Actor, reason: str, key: str | None = None) -> Session:
        """Calls a session off. Nobody is counted late, and everybody who was registered is shown up to three others, worked out
        for all of them together: see `alternatives` of their registrations.

        Args:
            reason: What learners are told.
        """
        body: dict[str, Any] = {}
        body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/cancel", actor=actor, body=body, key=key)
        return Session._read(said)

    async def check_in(self, id: UUID, *, actor: Actor, code: str, key: str | None = None) -> Registration:
        """Checks somebody in by a code: a learner sends the one that is shown in the room, an instructor the one that a learner shows.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["code"] = _to.text("code", code)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/check-in", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def clear_rule(
        self,
        *,
        actor: Actor,
        rule: Rule,
        course: UUID | None = None,
        dealer_group: str | None = None,
    ) -> None:
        """Sets a rule back to the next wider scope.

        Args:
            rule: A rule that can be set.
            course: As it is set for this course.
            dealer_group: As it is set for dealers of this group.
        """
        query: dict[str, Any] = {}
        query["rule"] = _to.word("rule", Rule, rule)
        if course is not None:
            query["course"] = _to.uuid("course", course)
        if dealer_group is not None:
            query["dealer_group"] = _to.text("dealer_group", dealer_group)
        await self._json("DELETE", "/v1/policy", actor=actor, query=query)

    async def complete_session(self, id: UUID, *, actor: Actor, key: str | None = None) -> Session:
        """Says that a session took place; for its instructors. Everybody's attendance must be marked; whoever attended long enough
        has completed the course.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/complete", actor=actor, body=body, key=key)
        return Session._read(said)

    async def completions(
        self,
        id: UUID,
        *,
        actor: Actor,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CompletionPage:
        """What a person completed, latest first.

        Args:
            limit: 1 to 200; 50 when absent.
        """
        query: dict[str, Any] = {}
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", f"/v1/people/{_to.segment(_to.uuid('id', id))}/completions", actor=actor, query=query)
        return CompletionPage._read(said)

    async def component(self, digest: str, *, actor: Actor) -> Component:
        """What a component that was uploaded says that it is."""
        said = await self._json("GET", f"/v1/plugins/components/{_to.segment(_to.text('digest', digest))}", actor=actor)
        return Component._read(said)

    async def course(self, id: UUID, *, actor: Actor) -> Course:
        """One course."""
        said = await self._json("GET", f"/v1/courses/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Course._read(said)

    async def courses(
        self,
        *,
        actor: Actor,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        programme_type: ProgrammeType | None = None,
    ) -> CoursePage:
        """Courses, by title; for each, what you would have to complete first.

        Args:
            limit: 1 to 200; 50 when absent.
            q: Part of the title.
            programme_type: Only courses of this programme type.
        """
        query: dict[str, Any] = {}
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        if q is not None:
            query["q"] = _to.text("q", q)
        if programme_type is not None:
            query["programme_type"] = _to.word("programme_type", ProgrammeType, programme_type)
        said = await self._json("GET", "/v1/courses", actor=actor, query=query)
        return CoursePage._read(said)

    async def decline_offer(self, id: UUID, *, actor: Actor, key: str | None = None) -> Registration:
        """Lets the offered seat go to the next in line, and keeps the place."""
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/decline", actor=actor, key=key)
        return Registration._read(said)

    async def decline_request(self, id: UUID, *, actor: Actor, reason: str, key: str | None = None) -> Registration:
        """Says no to a request, or to one who waits; for whoever leads the learner.

        Args:
            reason: What the learner is told.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/decline-request", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def drop_rehearsal(self, id: UUID, rehearsal: UUID, *, actor: Actor) -> None:
        """Stops a rehearsal, and forgets it."""
        await self._json("DELETE", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/rehearsals/{_to.segment(_to.uuid('rehearsal', rehearsal))}", actor=actor)

    async def edit_course(
        self,
        id: UUID,
        *,
        actor: Actor,
        equivalents: Iterable[UUID] | Unset | None = UNSET,
        length: timedelta | Unset = UNSET,
        prerequisites: Iterable[UUID] | Unset | None = UNSET,
        programme_type: ProgrammeType | Unset = UNSET,
        summary: str | Unset | None = UNSET,
        title: str | Unset = UNSET,
        topics: Iterable[str] | Unset | None = UNSET,
        track: str | Unset | None = UNSET,
        travel: bool | Unset | None = UNSET,
        validity_months: int | Unset | None = UNSET,
        if_match: int | None = None,
    ) -> Course:
        """Changes a course: a merge patch, for the version you last saw.

        Args:
            equivalents: Courses whose completion counts as this one.
            length: Teaching time.
            prerequisites: Courses that must be completed, and still valid, before a registration.
            track: The certification track it counts towards.
            travel: People travel to it: cancelling is late inside business days, not hours.
            validity_months: Months a completion stays valid; absent for ever.
        """
        body: dict[str, Any] = {}
        if equivalents is not UNSET:
            body["equivalents"] = None if equivalents is None else _to.several("equivalents", equivalents, _to.uuid)
        if length is not UNSET:
            body["length"] = _to.length("length", length)
        if prerequisites is not UNSET:
            body["prerequisites"] = None if prerequisites is None else _to.several("prerequisites", prerequisites, _to.uuid)
        if programme_type is not UNSET:
            body["programme_type"] = _to.word("programme_type", ProgrammeType, programme_type)
        if summary is not UNSET:
            body["summary"] = None if summary is None else _to.text("summary", summary)
        if title is not UNSET:
            body["title"] = _to.text("title", title)
        if topics is not UNSET:
            body["topics"] = None if topics is None else _to.several("topics", topics, _to.text)
        if track is not UNSET:
            body["track"] = None if track is None else _to.text("track", track)
        if travel is not UNSET:
            body["travel"] = None if travel is None else _to.flag("travel", travel)
        if validity_months is not UNSET:
            body["validity_months"] = None if validity_months is None else _to.whole("validity_months", validity_months)
        said = await self._json("PATCH", f"/v1/courses/{_to.segment(_to.uuid('id', id))}", actor=actor, body=body, if_match=if_match)
        return Course._read(said)

    async def edit_location(
        self,
        id: UUID,
        *,
        actor: Actor,
        address: str | Unset | None = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset | None = UNSET,
        lat: float | Unset = UNSET,
        lon: float | Unset = UNSET,
        name: str | Unset = UNSET,
        rooms: Iterable[str] | Unset | None = UNSET,
        zone: str | Unset = UNSET,
        if_match: int | None = None,
    ) -> Location:
        """Changes a location: a merge patch, for the version you last saw.

        Args:
            lat: Degrees north.
            lon: Degrees east.
        """
        body: dict[str, Any] = {}
        if address is not UNSET:
            body["address"] = None if address is None else _to.text("address", address)
        if city is not UNSET:
            body["city"] = _to.text("city", city)
        if country is not UNSET:
            body["country"] = None if country is None else _to.text("country", country)
        if lat is not UNSET:
            body["lat"] = _to.number("lat", lat)
        if lon is not UNSET:
            body["lon"] = _to.number("lon", lon)
        if name is not UNSET:
            body["name"] = _to.text("name", name)
        if rooms is not UNSET:
            body["rooms"] = None if rooms is None else _to.several("rooms", rooms, _to.text)
        if zone is not UNSET:
            body["zone"] = _to.text("zone", zone)
        said = await self._json("PATCH", f"/v1/locations/{_to.segment(_to.uuid('id', id))}", actor=actor, body=body, if_match=if_match)
        return Location._read(said)

    async def edit_own(
        self,
        *,
        actor: Actor,
        interests: Iterable[str] | Unset | None = UNSET,
        notify_by: Iterable[Channel] | Unset | None = UNSET,
        preferred_locations: Iterable[UUID] | Unset | None = UNSET,
        preferred_times: Iterable[str] | Unset | None = UNSET,
        zone: str | Unset = UNSET,
        if_match: int | None = None,
    ) -> Own:
        """Changes what you would rather have: a merge patch, for the version you last saw.

        Args:
            interests: Topics they care about.
            notify_by: How they are told: `mail`, `sms`, `push`; not at all when empty.
            preferred_locations: Where they would rather be trained than near their dealer; the nearest counts.
            preferred_times: When they would rather be trained: weekdays, or parts of them.
            zone: The zone they live by.
        """
        body: dict[str, Any] = {}
        if interests is not UNSET:
            body["interests"] = None if interests is None else _to.several("interests", interests, _to.text)
        if notify_by is not UNSET:
            body["notify_by"] = None if notify_by is None else _to.several("notify_by", notify_by, lambda name, one: _to.word(name, Channel, one))
        if preferred_locations is not UNSET:
            body["preferred_locations"] = None if preferred_locations is None else _to.several("preferred_locations", preferred_locations, _to.uuid)
        if preferred_times is not UNSET:
            body["preferred_times"] = None if preferred_times is None else _to.several("preferred_times", preferred_times, _to.text)
        if zone is not UNSET:
            body["zone"] = _to.text("zone", zone)
        said = await self._json("PATCH", "/v1/me/preferences", actor=actor, body=body, if_match=if_match)
        return Own._read(said)

    async def edit_person(
        self,
        id: UUID,
        *,
        actor: Actor,
        active: bool | Unset | None = UNSET,
        dealer: UUID | Unset | None = UNSET,
        email: str | Unset = UNSET,
        interests: Iterable[str] | Unset | None = UNSET,
        manager: UUID | Unset | None = UNSET,
        name: str | Unset = UNSET,
        notify_by: Iterable[Channel] | Unset | None = UNSET,
        preferred_locations: Iterable[UUID] | Unset | None = UNSET,
        preferred_times: Iterable[str] | Unset | None = UNSET,
        roles: Iterable[Grant] | Unset | None = UNSET,
        stands_in_for: Iterable[UUID] | Unset | None = UNSET,
        zone: str | Unset = UNSET,
        if_match: int | None = None,
    ) -> Person:
        """Changes a person: a merge patch, for the version you last saw. A dealer admin changes those of the dealer, who stay there.

        Args:
            dealer: Where they work.
            manager: Who leads them.
            notify_by: How they are told: `mail`, `sms`, `push`; not at all when empty.
            preferred_locations: Where they would rather be trained than near their dealer; the nearest counts.
            preferred_times: When they would rather be trained: weekdays, or parts of them.
            stands_in_for: Managers for whose teams they decide as well, as deputies; the role manager at the dealer is needed too.
        """
        body: dict[str, Any] = {}
        if active is not UNSET:
            body["active"] = None if active is None else _to.flag("active", active)
        if dealer is not UNSET:
            body["dealer"] = None if dealer is None else _to.uuid("dealer", dealer)
        if email is not UNSET:
            body["email"] = _to.text("email", email)
        if interests is not UNSET:
            body["interests"] = None if interests is None else _to.several("interests", interests, _to.text)
        if manager is not UNSET:
            body["manager"] = None if manager is None else _to.uuid("manager", manager)
        if name is not UNSET:
            body["name"] = _to.text("name", name)
        if notify_by is not UNSET:
            body["notify_by"] = None if notify_by is None else _to.several("notify_by", notify_by, lambda name, one: _to.word(name, Channel, one))
        if preferred_locations is not UNSET:
            body["preferred_locations"] = None if preferred_locations is None else _to.several("preferred_locations", preferred_locations, _to.uuid)
        if preferred_times is not UNSET:
            body["preferred_times"] = None if preferred_times is None else _to.several("preferred_times", preferred_times, _to.text)
        if roles is not UNSET:
            body["roles"] = None if roles is None else _to.several("roles", roles, lambda name, one: _to.record(name, Grant, one))
        if stands_in_for is not UNSET:
            body["stands_in_for"] = None if stands_in_for is None else _to.several("stands_in_for", stands_in_for, _to.uuid)
        if zone is not UNSET:
            body["zone"] = _to.text("zone", zone)
        said = await self._json("PATCH", f"/v1/people/{_to.segment(_to.uuid('id', id))}", actor=actor, body=body, if_match=if_match)
        return Person._read(said)

    async def edit_plugin(
        self,
        id: UUID,
        *,
        actor: Actor,
        component: str | Unset = UNSET,
        place: int | Unset = UNSET,
        settings: dict[str, Any] | Unset = UNSET,
        if_match: int | None = None,
    ) -> Plugin:
        """Changes a plugin: a merge patch, for the version you last saw. Another component or other settings are a new edition, which counts
        once it is activated.

        Args:
            component: The digest of what was uploaded.
            place: Where it comes among others: the smallest first.
            settings: As the schema of the component says.
        """
        body: dict[str, Any] = {}
        if component is not UNSET:
            body["component"] = _to.text("component", component)
        if place is not UNSET:
            body["place"] = _to.whole("place", place)
        if settings is not UNSET:
            body["settings"] = _to.tree("settings", settings)
        said = await self._json("PATCH", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}", actor=actor, body=body, if_match=if_match)
        return Plugin._read(said)

    async def edit_session(
        self,
        id: UUID,
        *,
        actor: Actor,
        capacity: int | Unset = UNSET,
        course: UUID | Unset = UNSET,
        instructors: Iterable[UUID] | Unset | None = UNSET,
        location: UUID | Unset = UNSET,
        minimum: int | Unset | None = UNSET,
        override_reason: str | Unset | None = UNSET,
        parts: Iterable[PartBody] | Unset = UNSET,
        waitlist: bool | Unset | None = UNSET,
        if_match: int | None = None,
    ) -> Session:
        """Changes a session's plan: a merge patch, for the version you last saw.

        Args:
            override_reason: Why an instructor or a room is booked twice, when it is; not kept with the session, but in its journal.
        """
        body: dict[str, Any] = {}
        if capacity is not UNSET:
            body["capacity"] = _to.whole("capacity", capacity)
        if course is not UNSET:
            body["course"] = _to.uuid("course", course)
        if instructors is not UNSET:
            body["instructors"] = None if instructors is None else _to.several("instructors", instructors, _to.uuid)
        if location is not UNSET:
            body["location"] = _to.uuid("location", location)
        if minimum is not UNSET:
            body["minimum"] = None if minimum is None else _to.whole("minimum", minimum)
        if override_reason is not UNSET:
            body["override_reason"] = None if override_reason is None else _to.text("override_reason", override_reason)
        if parts is not UNSET:
            body["parts"] = _to.several("parts", parts, lambda name, one: _to.record(name, PartBody, one))
        if waitlist is not UNSET:
            body["waitlist"] = None if waitlist is None else _to.flag("waitlist", waitlist)
        said = await self._json("PATCH", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}", actor=actor, body=body, if_match=if_match)
        return Session._read(said)

    async def end_api_key(self, id: UUID, api_key: UUID, *, actor: Actor) -> None:
        """Ends a key, if it is good still."""
        await self._json("DELETE", f"/v1/people/{_to.segment(_to.uuid('id', id))}/keys/{_to.segment(_to.uuid('api_key', api_key))}", actor=actor)

    async def end_sign_in(self, id: UUID, sign_in: UUID, *, actor: Actor) -> None:
        """Signs somebody out in one browser, if they are still signed in there."""
        await self._json("DELETE", f"/v1/people/{_to.segment(_to.uuid('id', id))}/sign-ins/{_to.segment(_to.uuid('sign_in', sign_in))}", actor=actor)

    async def end_sign_ins(self, id: UUID, *, actor: Actor) -> None:
        """Signs somebody out everywhere."""
        await self._json("DELETE", f"/v1/people/{_to.segment(_to.uuid('id', id))}/sign-ins", actor=actor)

    async def health_live(self) -> Alive:
        """Whether the process lives."""
        said = await self._json("GET", "/health/live", actor=None)
        return Alive._read(said)

    async def health_ready(self) -> Ready:
        """Whether this host can serve, part by part."""
        said = await self._json("GET", "/health/ready", actor=None)
        return Ready._read(said)

    async def journal(
        self,
        *,
        actor: Actor,
        by: str | None = None,
        learner: UUID | None = None,
        session: UUID | None = None,
        registration: UUID | None = None,
        request: UUID | None = None,
        what: str | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> JournalEntryPage:
        """What happened, latest first: by whom, to whom, why.

        Args:
            learner: Only what happened to this person.
            session: Only what happened to this session.
            registration: Only what happened to this registration.
            request: Only what this request caused: its `trace_id`.
            what: Only what is called so: `registration.confirmed`, or `registration` for all that begins with it.
            from_: Only what happened then or later.
            to: Only what happened before.
            limit: 1 to 200; 50 when absent.
        """
        query: dict[str, Any] = {}
        if by is not None:
            query["by"] = _to.text("by", by)
        if learner is not None:
            query["learner"] = _to.uuid("learner", learner)
        if session is not None:
            query["session"] = _to.uuid("session", session)
        if registration is not None:
            query["registration"] = _to.uuid("registration", registration)
        if request is not None:
            query["request"] = _to.uuid("request", request)
        if what is not None:
            query["what"] = _to.text("what", what)
        if from_ is not None:
            query["from"] = _to.time("from_", from_)
        if to is not None:
            query["to"] = _to.time("to", to)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", "/v1/journal", actor=actor, query=query)
        return JournalEntryPage._read(said)

    async def location(self, id: UUID, *, actor: Actor) -> Location:
        """One location."""
        said = await self._json("GET", f"/v1/locations/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Location._read(said)

    async def locations(
        self,
        *,
        actor: Actor,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
    ) -> LocationPage:
        """Locations, by name.

        Args:
            limit: 1 to 200; 50 when absent.
            q: Part of the name or the city.
        """
        query: dict[str, Any] = {}
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        if q is not None:
            query["q"] = _to.text("q", q)
        said = await self._json("GET", "/v1/locations", actor=actor, query=query)
        return LocationPage._read(said)

    async def make_api_key(
        self,
        id: UUID,
        *,
        actor: Actor,
        name: str,
        scopes: Iterable[str],
        days: int | None = None,
    ) -> ApiKeyMade:
        """Makes a key with which another system asks in somebody's name: it may do what they may at the time, within its scopes, and is shown this once.

        Args:
            name: What it is for; 100 letters at most.
            scopes: Groups of operations, as the contract groups them, such as `sessions`; with `:read` what changes nothing.
            days: How long it is good for, 1 to 365; 90 when absent.
        """
        body: dict[str, Any] = {}
        body["name"] = _to.text("name", name)
        body["scopes"] = _to.several("scopes", scopes, _to.text)
        if days is not None:
            body["days"] = _to.whole("days", days)
        said = await self._json("POST", f"/v1/people/{_to.segment(_to.uuid('id', id))}/keys", actor=actor, body=body)
        return ApiKeyMade._read(said)

    async def mark_attendance(
        self,
        id: UUID,
        *,
        actor: Actor,
        marks: Iterable[MarkBody],
        key: str | None = None,
    ) -> MarkedViews:
        """Marks attendance, part by part; for the session's instructors. Marks may come late, twice and in any order: the one that
        was seen last counts. Each is answered by itself, so that one that is wrong keeps none of the others back.

        Args:
            marks: 1 to 1000.
        """
        body: dict[str, Any] = {}
        body["marks"] = _to.several("marks", marks, lambda name, one: _to.record(name, MarkBody, one))
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/attendance", actor=actor, body=body, key=key)
        return MarkedViews._read(said)

    async def me(self, *, actor: Actor) -> Me:
        """Who you are: roles with scopes, dealer, preferences."""
        said = await self._json("GET", "/v1/me", actor=actor)
        return Me._read(said)

    async def metrics(self) -> str:
        """Metrics in Prometheus' text format."""
        return await self._text("GET", "/metrics", "text/plain", actor=None)

    async def monthly_numbers(
        self,
        *,
        actor: Actor,
        course: UUID | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> MonthlyPage:
        """Registrations, attendance and completions by month and course; page by page as JSON, or whole as CSV with `Accept: text/csv`.

        Args:
            course: Only of this course.
            from_: From this month on, such as `2027-01`.
            to: Up to this month, itself included.
        """
        query: dict[str, Any] = {}
        if course is not None:
            query["course"] = _to.uuid("course", course)
        if from_ is not None:
            query["from"] = _to.text("from_", from_)
        if to is not None:
            query["to"] = _to.text("to", to)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", "/v1/analytics/monthly", actor=actor, query=query)
        return MonthlyPage._read(said)

    async def monthly_numbers_csv(
        self,
        *,
        actor: Actor,
        course: UUID | None = None,
        from_: str | None = None,
        to: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> str:
        """Registrations, attendance and completions by month and course; page by page as JSON, or whole as CSV with `Accept: text/csv`.

        As `text/csv`.

        Args:
            course: Only of this course.
            from_: From this month on, such as `2027-01`.
            to: Up to this month, itself included.
        """
        query: dict[str, Any] = {}
        if course is not None:
            query["course"] = _to.uuid("course", course)
        if from_ is not None:
            query["from"] = _to.text("from_", from_)
        if to is not None:
            query["to"] = _to.text("to", to)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        return await self._text("GET", "/v1/analytics/monthly", "text/csv", actor=actor, query=query)

    async def own(self, *, actor: Actor) -> Own:
        """Where, when and about what you would rather be trained, and how you are told."""
        said = await self._json("GET", "/v1/me/preferences", actor=actor)
        return Own._read(said)

    async def people(
        self,
        *,
        actor: Actor,
        q: str | None = None,
        dealer: UUID | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PersonPage:
        """The people you may see, by name.

        Args:
            q: Part of a name or a mail address.
            dealer: Only people of this dealer.
            limit: 1 to 200; 50 when absent.
        """
        query: dict[str, Any] = {}
        if q is not None:
            query["q"] = _to.text("q", q)
        if dealer is not None:
            query["dealer"] = _to.uuid("dealer", dealer)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", "/v1/people", actor=actor, query=query)
        return PersonPage._read(said)

    async def person(self, id: UUID, *, actor: Actor) -> Person:
        """One person."""
        said = await self._json("GET", f"/v1/people/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Person._read(said)

    async def plugin(self, id: UUID, *, actor: Actor) -> Plugin:
        """One plugin."""
        said = await self._json("GET", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Plugin._read(said)

    async def plugin_history(self, id: UUID, *, actor: Actor) -> HistoryOfPlugin:
        """What was done to a plugin, by whom and why, the latest first; also to one that is used no more."""
        said = await self._json("GET", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/history", actor=actor)
        return HistoryOfPlugin._read(said)

    async def plugin_log(self, id: UUID, *, actor: Actor) -> LogOfPlugin:
        """What a plugin wrote in its journal and what went wrong with it since it was activated, on the host that answers, the latest last."""
        said = await self._json("GET", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/log", actor=actor)
        return LogOfPlugin._read(said)

    async def plugin_rehearsal(self, id: UUID, rehearsal: UUID, *, actor: Actor) -> Rehearsal:
        """How a rehearsal stands, and what it found, on the host that was asked for it. As CSV: what would have differed, one on a line."""
        said = await self._json("GET", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/rehearsals/{_to.segment(_to.uuid('rehearsal', rehearsal))}", actor=actor)
        return Rehearsal._read(said)

    async def plugin_rehearsal_csv(self, id: UUID, rehearsal: UUID, *, actor: Actor) -> str:
        """How a rehearsal stands, and what it found, on the host that was asked for it. As CSV: what would have differed, one on a line.

        As `text/csv`.
        """
        return await self._text("GET", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/rehearsals/{_to.segment(_to.uuid('rehearsal', rehearsal))}", "text/csv", actor=actor)

    async def plugins(self, *, actor: Actor, dealer: UUID | None = None) -> Plugins:
        """Plugins that speak for the dealers that you look after, in the order in which they are asked.

        Args:
            dealer: Only those that speak for the learners of this dealer.
        """
        query: dict[str, Any] = {}
        if dealer is not None:
            query["dealer"] = _to.uuid("dealer", dealer)
        said = await self._json("GET", "/v1/plugins", actor=actor, query=query)
        return Plugins._read(said)

    async def prioritise(
        self,
        id: UUID,
        *,
        actor: Actor,
        level: int,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Lets one who waits come before those who joined earlier, with a reason that is shown.

        Args:
            level: 1 to 9, whoever has more comes first; 0 for the order of joining.
            reason: What everybody who may see the place is told.
        """
        body: dict[str, Any] = {}
        body["level"] = _to.whole("level", level)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/priority", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def publish_session(
        self,
        id: UUID,
        *,
        actor: Actor,
        version: int | None = None,
        key: str | None = None,
    ) -> Session:
        """Opens a session to learners.

        Args:
            version: The version you last saw; absent for whatever it is.
        """
        body: dict[str, Any] = {}
        if version is not None:
            body["version"] = _to.whole("version", version)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/publish", actor=actor, body=body, key=key)
        return Session._read(said)

    async def record_completion(
        self,
        id: UUID,
        *,
        actor: Actor,
        completed_at: datetime,
        course: UUID,
        key: str | None = None,
    ) -> Completion:
        """Records that a person completed a course."""
        body: dict[str, Any] = {}
        body["completed_at"] = _to.time("completed_at", completed_at)
        body["course"] = _to.uuid("course", course)
        said = await self._json("POST", f"/v1/people/{_to.segment(_to.uuid('id', id))}/completions", actor=actor, body=body, key=key)
        return Completion._read(said)

    async def register(
        self,
        id: UUID,
        *,
        actor: Actor,
        automatic: bool | None = None,
        learner: UUID | None = None,
        on_full: OnFull | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Claims a seat, or a place on the waitlist.

        The same learner and session again answer with the same registration, and 200.

        Args:
            automatic: On the waitlist: "book me without asking", until three days before.
            learner: For whom; yourself when absent.
            on_full: What to do when no seat is open: `alternatives` (when absent), `waitlist`, or `beyond-capacity` for an admin with a reason.
            reason: Why, when an admin overrides a clash or lets somebody in beyond the capacity.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        if automatic is not None:
            body["automatic"] = _to.flag("automatic", automatic)
        if learner is not None:
            body["learner"] = _to.uuid("learner", learner)
        if on_full is not None:
            body["on_full"] = _to.word("on_full", OnFull, on_full)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/registrations", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def register_group(
        self,
        id: UUID,
        *,
        actor: Actor,
        learners: Iterable[UUID],
        automatic: bool | None = None,
        on_full: OnFull | None = None,
        key: str | None = None,
    ) -> Group:
        """Claims seats, or places on the waitlist, for several people: all of them or none.

        On the waitlist they are one: offered seats together, and passed over with a reason while there are too few.

        Args:
            learners: Whom; 1 to 100 people.
            automatic: On the waitlist: "book them without asking", until three days before.
            on_full: What to do when not enough seats are open: `alternatives` (when absent) or `waitlist`.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["learners"] = _to.several("learners", learners, _to.uuid)
        if automatic is not None:
            body["automatic"] = _to.flag("automatic", automatic)
        if on_full is not None:
            body["on_full"] = _to.word("on_full", OnFull, on_full)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/groups", actor=actor, body=body, key=key)
        return Group._read(said)

    async def registration(self, id: UUID, *, actor: Actor) -> Registration:
        """One registration, with what happened to it: when, by whom, why."""
        said = await self._json("GET", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Registration._read(said)

    async def registration_calendar(self, id: UUID, *, actor: Actor) -> str:
        """One registration as a calendar file."""
        return await self._text("GET", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}.ics", "text/calendar", actor=actor)

    async def registration_check_in_key(self, id: UUID, *, actor: Actor) -> Key:
        """The registration's key, for its learner: their device shows codes made with it."""
        said = await self._json("GET", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/check-in-key", actor=actor)
        return Key._read(said)

    async def registrations(
        self,
        *,
        actor: Actor,
        status: str | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        learner: UUID | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> RegistrationPage:
        """The registrations you may see, by start of their session.

        Args:
            from_: Of sessions that start at or after.
            to: Of sessions that start before.
            learner: Only this learner's.
            limit: 1 to 200; 50 when absent.
        """
        query: dict[str, Any] = {}
        if status is not None:
            query["status"] = _to.text("status", status)
        if from_ is not None:
            query["from"] = _to.time("from_", from_)
        if to is not None:
            query["to"] = _to.time("to", to)
        if learner is not None:
            query["learner"] = _to.uuid("learner", learner)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", "/v1/registrations", actor=actor, query=query)
        return RegistrationPage._read(said)

    async def rehearse_plugin(
        self,
        id: UUID,
        *,
        actor: Actor,
        edition: int | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Rehearsal:
        """Begins to rehearse a plugin on what happened: each look for alternatives of the time is asked again, with it and without, and so is
        each joining of a queue, and who hears of what happened. Nothing is written.

        Args:
            edition: The number of the edition; the newest when absent.
            since: From when on; 90 days ago when absent.
            until: Until when; now when absent.
        """
        body: dict[str, Any] = {}
        if edition is not None:
            body["edition"] = _to.whole("edition", edition)
        if since is not None:
            body["since"] = _to.time("since", since)
        if until is not None:
            body["until"] = _to.time("until", until)
        said = await self._json("POST", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/rehearsals", actor=actor, body=body)
        return Rehearsal._read(said)

    async def release_block(self, id: UUID, dealer: UUID, *, actor: Actor) -> Session:
        """Opens to everybody what is set aside for a dealer and not taken."""
        said = await self._json("DELETE", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/blocks/{_to.segment(_to.uuid('dealer', dealer))}", actor=actor)
        return Session._read(said)

    async def remove_plugin(self, id: UUID, *, actor: Actor) -> None:
        """Uses a plugin no more. It must be off."""
        await self._json("DELETE", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}", actor=actor)

    async def renew_calendar_feed(self, *, actor: Actor, key: str | None = None) -> Feed:
        """A new secret address for your calendar program; the old one is void."""
        said = await self._json("POST", "/v1/me/calendar-feed", actor=actor, key=key)
        return Feed._read(said)

    async def resize_session(
        self,
        id: UUID,
        *,
        actor: Actor,
        capacity: int,
        displaced: Iterable[Displaced] | None = None,
        reason: str | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Session:
        """Changes how many seats a session has: below what is taken only when it is said who goes, and where to.

        Args:
            displaced: Who goes, and where to, when more seats are taken.
            reason: What those who go are told.
            version: The version you last saw; absent for whatever it is.
        """
        body: dict[str, Any] = {}
        body["capacity"] = _to.whole("capacity", capacity)
        if displaced is not None:
            body["displaced"] = _to.several("displaced", displaced, lambda name, one: _to.record(name, Displaced, one))
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        if version is not None:
            body["version"] = _to.whole("version", version)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/capacity", actor=actor, body=body, key=key)
        return Session._read(said)

    async def resume_wait(self, id: UUID, *, actor: Actor, key: str | None = None) -> Registration:
        """Wants to be offered seats again, after offers had lapsed one after the other."""
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/resume", actor=actor, key=key)
        return Registration._read(said)

    async def roll_back_plugin(self, id: UUID, *, actor: Actor, reason: str, key: str | None = None) -> Plugin:
        """Has what counted before count again.

        Args:
            reason: Why.
        """
        body: dict[str, Any] = {}
        body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/roll-back", actor=actor, body=body, key=key)
        return Plugin._read(said)

    async def roster(self, id: UUID, *, actor: Actor) -> RosterAnswer:
        """Who comes, and who waits; as JSON, or as CSV with `Accept: text/csv`."""
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/roster", actor=actor)
        return RosterAnswer._read(said)

    async def roster_csv(self, id: UUID, *, actor: Actor) -> str:
        """Who comes, and who waits; as JSON, or as CSV with `Accept: text/csv`.

        As `text/csv`.
        """
        return await self._text("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/roster", "text/csv", actor=actor)

    async def rules(
        self,
        *,
        actor: Actor,
        course: UUID | None = None,
        dealer_group: str | None = None,
    ) -> Rules:
        """Every rule, with its value and where it comes from.

        Args:
            course: As they are for this course.
            dealer_group: As they are for dealers of this group.
        """
        query: dict[str, Any] = {}
        if course is not None:
            query["course"] = _to.uuid("course", course)
        if dealer_group is not None:
            query["dealer_group"] = _to.text("dealer_group", dealer_group)
        said = await self._json("GET", "/v1/policy", actor=actor, query=query)
        return Rules._read(said)

    async def save_block(
        self,
        id: UUID,
        dealer: UUID,
        *,
        actor: Actor,
        seats: int,
        name_by: datetime | None = None,
        release_at: datetime | None = None,
        key: str | None = None,
    ) -> Session:
        """Sets seats aside for a dealer, or more or fewer than before. Its people take them without asking for them.

        A dealer admin may set aside a share for their own dealer (rule `block-share`), an admin any seats that are open.

        Args:
            seats: How many, taken ones included.
            name_by: By when the dealer is to say who comes; by the rule `block-naming` when absent.
            release_at: When what is left is open to everybody; by the rule `block-release` when absent.
        """
        body: dict[str, Any] = {}
        body["seats"] = _to.whole("seats", seats)
        if name_by is not None:
            body["name_by"] = _to.time("name_by", name_by)
        if release_at is not None:
            body["release_at"] = _to.time("release_at", release_at)
        said = await self._json("PUT", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/blocks/{_to.segment(_to.uuid('dealer', dealer))}", actor=actor, body=body, key=key)
        return Session._read(said)

    async def session(self, id: UUID, *, actor: Actor) -> Session:
        """One session."""
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}", actor=actor)
        return Session._read(said)

    async def session_calendars(self, id: UUID, *, actor: Actor) -> SessionShown:
        """How far calendars show a session: for those who teach it, and admins."""
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/calendars", actor=actor)
        return SessionShown._read(said)

    async def session_check_in_key(self, id: UUID, *, actor: Actor) -> Key:
        """The session's key, for its instructors: their device shows codes to learners, and verifies those of learners by deriving
        each registration's key (HMAC-SHA-256 of the registration id's 16 bytes).
        """
        said = await self._json("GET", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/check-in-key", actor=actor)
        return Key._read(said)

    async def sessions(
        self,
        *,
        actor: Actor,
        q: str | None = None,
        course: UUID | None = None,
        programme_type: ProgrammeType | None = None,
        location: UUID | None = None,
        near: tuple[float, float] | None = None,
        radius_km: float | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        open_seats: bool | None = None,
        eligible: bool | None = None,
        status: SessionStage | None = None,
        sort: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> SessionPage:
        """Searches sessions that are still to come.

        Args:
            q: Words that begin words of the course's title and topics, or of the location's name and city.
            programme_type: What a course is for.
            near: `latitude,longitude`.
            radius_km: Kilometres around `near`.
            from_: Starting at or after.
            to: Starting before.
            open_seats: Only sessions with open seats.
            eligible: Leaves out what you could not take.
            status: `published` when absent; `running` for those under way; drafts are for admins.
            sort: `start` (when absent) or `distance`.
            limit: 1 to 200; 50 when absent.
        """
        query: dict[str, Any] = {}
        if q is not None:
            query["q"] = _to.text("q", q)
        if course is not None:
            query["course"] = _to.uuid("course", course)
        if programme_type is not None:
            query["programme_type"] = _to.word("programme_type", ProgrammeType, programme_type)
        if location is not None:
            query["location"] = _to.uuid("location", location)
        if near is not None:
            query["near"] = _to.coordinates("near", near)
        if radius_km is not None:
            query["radius_km"] = _to.number("radius_km", radius_km)
        if from_ is not None:
            query["from"] = _to.time("from_", from_)
        if to is not None:
            query["to"] = _to.time("to", to)
        if open_seats is not None:
            query["open_seats"] = _to.flag("open_seats", open_seats)
        if eligible is not None:
            query["eligible"] = _to.flag("eligible", eligible)
        if status is not None:
            query["status"] = _to.word("status", SessionStage, status)
        if sort is not None:
            query["sort"] = _to.text("sort", sort)
        if limit is not None:
            query["limit"] = _to.whole("limit", limit)
        if cursor is not None:
            query["cursor"] = _to.text("cursor", cursor)
        said = await self._json("GET", "/v1/sessions", actor=actor, query=query)
        return SessionPage._read(said)

    async def set_rule(
        self,
        *,
        actor: Actor,
        rule: Rule,
        value: int,
        course: UUID | None = None,
        dealer_group: str | None = None,
        key: str | None = None,
    ) -> None:
        """Sets a rule for everybody, for a dealer group or for a course.

        Args:
            value: In the rule's unit; a switch is 0 or 1.
            course: For this course only.
            dealer_group: For dealers of this group only.
        """
        body: dict[str, Any] = {}
        body["rule"] = _to.word("rule", Rule, rule)
        body["value"] = _to.whole("value", value)
        if course is not None:
            body["course"] = _to.uuid("course", course)
        if dealer_group is not None:
            body["dealer_group"] = _to.text("dealer_group", dealer_group)
        await self._json("PUT", "/v1/policy", actor=actor, body=body, key=key)

    async def sign_ins(self, id: UUID, *, actor: Actor) -> SignIns:
        """Where somebody is signed in, the one that was used last first."""
        said = await self._json("GET", f"/v1/people/{_to.segment(_to.uuid('id', id))}/sign-ins", actor=actor)
        return SignIns._read(said)

    async def substitute_learner(
        self,
        id: UUID,
        *,
        actor: Actor,
        learner: UUID,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Has somebody else come instead, until the start; for whoever leads both.

        Args:
            learner: The person who comes instead.
            reason: As whoever asks says.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["learner"] = _to.uuid("learner", learner)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/substitute", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def swap_registration(
        self,
        id: UUID,
        *,
        actor: Actor,
        session: UUID,
        automatic: bool | None = None,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Waits for a better session and keeps the seat, which is given back in the moment the better one is confirmed.

        An open seat is taken at once. Asking twice for the same session is asking once, and answers 200.

        Args:
            session: The session to wait for.
            automatic: "Book me without asking" when it comes to the queue.
            reason: Needed when a seat that is open is taken, and the one that is left is given back late.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["session"] = _to.uuid("session", session)
        if automatic is not None:
            body["automatic"] = _to.flag("automatic", automatic)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/swap", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def switch_off_plugin(self, id: UUID, *, actor: Actor, reason: str, key: str | None = None) -> Plugin:
        """Has nothing of a plugin count any more.

        Args:
            reason: Why.
        """
        body: dict[str, Any] = {}
        body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/plugins/{_to.segment(_to.uuid('id', id))}/switch-off", actor=actor, body=body, key=key)
        return Plugin._read(said)

    async def take_alternative(self, id: UUID, *, actor: Actor, key: str | None = None) -> Registration:
        """Takes an alternative that was shown.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        said = await self._json("POST", f"/v1/alternatives/{_to.segment(_to.uuid('id', id))}/take", actor=actor, key=key)
        return Registration._read(said)

    async def transfer_registration(
        self,
        id: UUID,
        *,
        actor: Actor,
        session: UUID,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Moves a seat to another session in one step: it is kept until the other one is sure.

        Moving it twice to the same session is moving it once, and answers 200.

        Args:
            session: The session to go to.
            reason: Needed when the seat that is left is given back late.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["session"] = _to.uuid("session", session)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/registrations/{_to.segment(_to.uuid('id', id))}/transfer", actor=actor, body=body, key=key)
        return Registration._read(said)

    async def upload_component(self, body: bytes, *, actor: Actor) -> Component:
        """Uploads a component: it is compiled, tried and asked what it is. Whoever looks after a dealer may.

        It is used for nobody yet. The same once more answers the same, at once. Nothing that is used for nobody is kept for more than a day.
        """
        said = await self._upload("/v1/plugins/components", _to.octets("body", body), actor=actor)
        return Component._read(said)

    async def walk_in(
        self,
        id: UUID,
        *,
        actor: Actor,
        learner: UUID,
        reason: str | None = None,
        key: str | None = None,
    ) -> Registration:
        """Lets somebody in who came without a registration, until half an hour after the start; for the session's instructors.
        Prerequisites are checked. With no seat open they sit beyond the capacity, and are counted apart.

        Raises:
            Refused: a rule says no; `code` says which, and `alternatives` what to take instead.
        """
        body: dict[str, Any] = {}
        body["learner"] = _to.uuid("learner", learner)
        if reason is not None:
            body["reason"] = _to.text("reason", reason)
        said = await self._json("POST", f"/v1/sessions/{_to.segment(_to.uuid('id', id))}/walk-ins", actor=actor, body=body, key=key)
        return Registration._read(said)
