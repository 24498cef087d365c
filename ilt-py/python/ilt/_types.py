"""What is asked and answered. Written by ilt-py/generate from docs/openapi.json; not by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from ilt import _read as _from
from ilt import _write as _to

__all__ = [
    "Adjustment",
    "Alive",
    "Alternative",
    "Alternatives",
    "ApiKey",
    "ApiKeyMade",
    "ApiKeys",
    "AskedAnew",
    "Attendance",
    "Block",
    "Blocks",
    "CalendarDifference",
    "CalendarState",
    "Channel",
    "Completion",
    "CompletionPage",
    "Component",
    "CountedFrom",
    "Course",
    "CourseBrief",
    "CoursePage",
    "DayThere",
    "DealerBrief",
    "Difference",
    "Displaced",
    "Edition",
    "Feed",
    "Follower",
    "Grant",
    "Group",
    "Health",
    "Hears",
    "History",
    "HistoryOfPlugin",
    "JournalEntry",
    "JournalEntryPage",
    "Key",
    "Line",
    "Location",
    "LocationBrief",
    "LocationPage",
    "Log",
    "LogOfPlugin",
    "Looks",
    "Mark",
    "MarkBody",
    "Marked",
    "MarkedView",
    "MarkedViews",
    "Me",
    "Mine",
    "Missing",
    "Monthly",
    "MonthlyPage",
    "Moved",
    "NoticeChange",
    "Notices",
    "Odds",
    "OnFull",
    "Overtaking",
    "Own",
    "Part",
    "PartBody",
    "Parts",
    "Person",
    "PersonBrief",
    "PersonPage",
    "Places",
    "Plugin",
    "PluginStep",
    "Plugins",
    "Priority",
    "ProgrammeType",
    "Ready",
    "Registration",
    "RegistrationPage",
    "RegistrationStatus",
    "Rehearsal",
    "RehearsalStand",
    "Report",
    "Retold",
    "Role",
    "Roster",
    "RosterAnswer",
    "Rule",
    "RuleSource",
    "RuleView",
    "Rules",
    "Said",
    "SeatShown",
    "SeatThere",
    "Seats",
    "Session",
    "SessionPage",
    "SessionShown",
    "SessionStage",
    "Shift",
    "SignIn",
    "SignIns",
    "Step",
    "Taken",
    "ToldAs",
    "Window",
]


class Attendance(StrEnum):
    """What an attendance came to."""

    ATTENDED = "attended"
    PARTIAL = "partial"
    NO_SHOW = "no-show"
    EXCUSED = "excused"


class CalendarDifference(StrEnum):
    """Why a calendar cannot be as it should."""

    NOT_LINKED = "not-linked"
    UNLINKED = "unlinked"
    CANNOT_BE_SAID = "cannot-be-said"
    NO_ADDRESS = "no-address"
    TOO_LATE = "too-late"
    STRANGERS = "strangers"
    REFUSED = "refused"


class CalendarState(StrEnum):
    """How far a calendar shows something."""

    NONE = "none"
    PENDING = "pending"
    KEPT = "kept"


class Channel(StrEnum):
    """How somebody is told."""

    MAIL = "mail"
    SMS = "sms"
    PUSH = "push"


class CountedFrom(StrEnum):
    """What numbers are counted from."""

    JOURNAL = "journal"
    KAFKA = "kafka"
    OFF = "off"


class Hears(StrEnum):
    """When somebody hears of something: `later` is from an instant on."""

    URGENTLY = "urgently"
    AT_ONCE = "at-once"
    LATER = "later"
    DIGEST = "digest"
    NEVER = "never"


class Marked(StrEnum):
    """What became of a mark: taken, known already, older than another, or refused."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    REFUSED = "refused"


class NoticeChange(StrEnum):
    """What becomes of a notice with the plugin."""

    UNCHANGED = "unchanged"
    MUTED = "muted"
    TO_DIGEST = "to-digest"
    TO_MINUTE = "to-minute"
    TO_AT_ONCE = "to-at-once"
    ADDED = "added"


class OnFull(StrEnum):
    """What to do when no seat is open."""

    ALTERNATIVES = "alternatives"
    WAITLIST = "waitlist"
    BEYOND_CAPACITY = "beyond-capacity"


class PluginStep(StrEnum):
    """What was done to a plugin."""

    PLUGIN_ADDED = "plugin.added"
    PLUGIN_REVISED = "plugin.revised"
    PLUGIN_ACTIVATED = "plugin.activated"
    PLUGIN_ROLLED_BACK = "plugin.rolled-back"
    PLUGIN_SWITCHED_OFF = "plugin.switched-off"
    PLUGIN_REMOVED = "plugin.removed"


class ProgrammeType(StrEnum):
    """What a course is for."""

    ONBOARDING = "onboarding"
    NEW_HIRE = "new-hire"
    COMPLIANCE = "compliance"
    EMPLOYEE_DEVELOPMENT = "employee-development"
    CUSTOMER_PARTNER = "customer-partner"


class RegistrationStatus(StrEnum):
    """Where a registration is in its life."""

    CONFIRMED = "confirmed"
    HELD = "held"
    WAITLISTED = "waitlisted"
    OFFERED = "offered"
    DECLINED = "declined"
    REQUEST_LAPSED = "request-lapsed"
    NOT_PLACED = "not-placed"
    CANCELLED = "cancelled"
    LATE_CANCELLED = "late-cancelled"
    TRANSFERRED = "transferred"
    SUBSTITUTED = "substituted"
    SESSION_CANCELLED = "session-cancelled"


class RehearsalStand(StrEnum):
    """How a rehearsal stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Role(StrEnum):
    """What somebody may do."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    MANAGER = "manager"
    DEALER_ADMIN = "dealer-admin"
    ADMIN = "admin"


class Rule(StrEnum):
    """A rule that can be set."""

    REGISTRATION_CLOSES = "registration-closes"
    LATE_TRAVEL = "late-travel"
    LATE_LOCAL = "late-local"
    WAITLIST = "waitlist"
    OFFER_FAR = "offer-far"
    OFFER_NEAR = "offer-near"
    OFFER_SOON = "offer-soon"
    OFFER_EVERYBODY = "offer-everybody"
    OFFER_NEVER = "offer-never"
    WAITLIST_PAUSE = "waitlist-pause"
    AUTOMATIC_UNTIL = "automatic-until"
    APPROVAL = "approval"
    APPROVAL_DAYS = "approval-days"
    MINIMUM_WARN = "minimum-warn"
    MINIMUM_DECIDE = "minimum-decide"
    MINIMUM_CANCELS = "minimum-cancels"
    DEALER_CAP = "dealer-cap"
    BLOCK_NAMING = "block-naming"
    BLOCK_RELEASE = "block-release"
    BLOCK_SHARE = "block-share"
    REMINDER_FIRST = "reminder-first"
    REMINDER_LAST = "reminder-last"
    ATTENDANCE_OPENS = "attendance-opens"
    WALK_IN_UNTIL = "walk-in-until"
    ATTENDED_SHARE = "attended-share"
    NO_SHOW_SHARE = "no-show-share"
    UNMARKED_INSTRUCTOR = "unmarked-instructor"
    UNMARKED_ADMIN = "unmarked-admin"
    RECERTIFICATION_WINDOW = "recertification-window"
    ESCALATE_MANAGER = "escalate-manager"
    ESCALATE_DEALER = "escalate-dealer"
    ESCALATE_REGION = "escalate-region"
    TRAVEL_SPEED = "travel-speed"
    TRAVEL_LEAST = "travel-least"


class RuleSource(StrEnum):
    """Where a rule's value comes from."""

    COURSE = "course"
    DEALER_GROUP = "dealer-group"
    GLOBAL = "global"
    DEFAULT = "default"


class SessionStage(StrEnum):
    """Where a session is in its life; `running` while it takes place."""

    RUNNING = "running"
    DRAFT = "draft"
    PUBLISHED = "published"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ToldAs(StrEnum):
    """What somebody is to the learner, or to the session, that they are told of it."""

    LEARNER = "learner"
    MANAGER = "manager"
    APPROVER = "approver"
    INSTRUCTOR = "instructor"
    DEALER_ADMIN = "dealer-admin"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a dealer's own rules changed."""

    change: float
    """Added to the score."""
    digest: str
    """The SHA-256 of what was uploaded."""
    plugin: str
    """What the plugin is called."""
    reason: str
    version: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            change=it["change"],
            digest=it["digest"],
            plugin=it["plugin"],
            reason=it["reason"],
            version=it["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alive:
    """Alive."""

    status: str
    version: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            status=it["status"],
            version=it["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """Another session to take instead of the one that was wanted."""

    adjustments: tuple[Adjustment, ...]
    """What a dealer's own rules changed, with their reasons."""
    days_later: int
    expires_at: datetime
    """Until when it can be taken."""
    id: UUID
    """Take it by this id."""
    parts: Parts
    reason: str
    score: float
    session: Session
    weights: Parts
    distance_km: float | None = None
    would_change: str | None = None

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            adjustments=tuple(Adjustment._read(one) for one in it["adjustments"]),
            days_later=it["days_later"],
            expires_at=_from.time(it["expires_at"]),
            id=UUID(it["id"]),
            parts=Parts._read(it["parts"]),
            reason=it["reason"],
            score=it["score"],
            session=Session._read(it["session"]),
            weights=Parts._read(it["weights"]),
            distance_km=it.get("distance_km"),
            would_change=it.get("would_change"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternatives:
    """Alternatives."""

    items: tuple[Alternative, ...]
    """Up to three, best first."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Alternative._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyMade:
    """A key that was just made."""

    ends_at: datetime
    id: UUID
    key: str
    """Send it as `Authorization: Bearer …`. Nobody can tell it again."""
    made_at: datetime
    made_by: UUID
    name: str
    """What it is for."""
    scopes: tuple[str, ...]
    """What it may ask for."""
    used_at: datetime | None = None
    """When it was last used, to the minute."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            ends_at=_from.time(it["ends_at"]),
            id=UUID(it["id"]),
            key=it["key"],
            made_at=_from.time(it["made_at"]),
            made_by=UUID(it["made_by"]),
            name=it["name"],
            scopes=tuple(it["scopes"]),
            used_at=None if it.get("used_at") is None else _from.time(it["used_at"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, without that which opens anything."""

    ends_at: datetime
    id: UUID
    made_at: datetime
    made_by: UUID
    name: str
    """What it is for."""
    scopes: tuple[str, ...]
    """What it may ask for."""
    used_at: datetime | None = None
    """When it was last used, to the minute."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            ends_at=_from.time(it["ends_at"]),
            id=UUID(it["id"]),
            made_at=_from.time(it["made_at"]),
            made_by=UUID(it["made_by"]),
            name=it["name"],
            scopes=tuple(it["scopes"]),
            used_at=None if it.get("used_at") is None else _from.time(it["used_at"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeys:
    """ApiKeys."""

    items: tuple[ApiKey, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(ApiKey._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAnew:
    """What came of asking anew."""

    asked: int
    """How many of those who wait were looked at."""
    moved: int
    """How many of them come earlier or later now."""
    unanswered: int
    """How many stay where they are since a rule gave no answer: ask again once its log says that it is well."""
    next: str | None = None
    """Where to go on, when there are more."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            asked=it["asked"],
            moved=it["moved"],
            unanswered=it["unanswered"],
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Seats set aside for a dealer."""

    dealer: UUID
    release_at: datetime
    """When what is left is open to everybody."""
    seats: int
    """Seats that are set aside, taken ones included."""
    used: int
    """Seats of these that the dealer's people have taken."""
    name_by: datetime | None = None
    """By when the dealer is to say who comes; absent once it was reminded."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            dealer=UUID(it["dealer"]),
            release_at=_from.time(it["release_at"]),
            seats=it["seats"],
            used=it["used"],
            name_by=None if it.get("name_by") is None else _from.time(it["name_by"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The seat blocks of a session."""

    items: tuple[Block, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Block._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a person completed."""

    completed_at: datetime
    course: UUID
    title: str
    valid: bool
    """Whether it holds now."""
    book_by: datetime | None = None
    """Until when a session can be booked, of those planned now, that is over before it ends; absent when there is none, and in the answer to recording one."""
    expires_at: datetime | None = None
    """When it ends; absent when it never does."""
    renewable_from: datetime | None = None
    """From when on completing it again keeps the anniversary."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            completed_at=_from.time(it["completed_at"]),
            course=UUID(it["course"]),
            title=it["title"],
            valid=it["valid"],
            book_by=None if it.get("book_by") is None else _from.time(it["book_by"]),
            expires_at=None if it.get("expires_at") is None else _from.time(it["expires_at"]),
            renewable_from=None if it.get("renewable_from") is None else _from.time(it["renewable_from"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """What a component says that it is."""

    component: str
    """Its SHA-256, in hexadecimal: what it is called by here."""
    plugin: str
    """What the plugin is called."""
    settings: dict[str, Any] = field(hash=False)
    """A JSON Schema of its settings, so that a form can be drawn."""
    summary: str
    """What it does."""
    version: str
    """Its own version."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            component=it["component"],
            plugin=it["plugin"],
            settings=dict(it["settings"]),
            summary=it["summary"],
            version=it["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseBrief:
    """CourseBrief."""

    id: UUID
    programme_type: ProgrammeType
    title: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            id=UUID(it["id"]),
            programme_type=ProgrammeType(it["programme_type"]),
            title=it["title"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A course, and what the caller lacks for it."""

    id: UUID
    length: timedelta
    """Teaching time."""
    missing: tuple[Missing, ...]
    """What the caller would have to complete first."""
    programme_type: ProgrammeType
    title: str
    version: int
    equivalents: tuple[UUID, ...] = ()
    """Courses whose completion counts as this one."""
    prerequisites: tuple[UUID, ...] = ()
    """Courses that must be completed, and still valid, before a registration."""
    summary: str | None = None
    topics: tuple[str, ...] = ()
    track: str | None = None
    """The certification track it counts towards."""
    travel: bool | None = None
    """People travel to it: cancelling is late inside business days, not hours."""
    validity_months: int | None = None
    """Months a completion stays valid; absent for ever."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            id=UUID(it["id"]),
            length=_from.length(it["length"]),
            missing=tuple(Missing._read(one) for one in it["missing"]),
            programme_type=ProgrammeType(it["programme_type"]),
            title=it["title"],
            version=it["version"],
            equivalents=tuple(UUID(one) for one in it.get("equivalents", ())),
            prerequisites=tuple(UUID(one) for one in it.get("prerequisites", ())),
            summary=it.get("summary"),
            topics=tuple(it.get("topics", ())),
            track=it.get("track"),
            travel=it.get("travel"),
            validity_months=it.get("validity_months"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayThere:
    """One part of a session in an instructor's calendar."""

    event_type: str
    """What can be booked, in the calendar's own name."""
    instructor: UUID
    part: int
    """Counted from 1."""
    embed: str | None = None
    """A few lines of HTML that show that page inside another."""
    page: str | None = None
    """The calendar's own page of it, where `calcom.pages_at` says where those are: a link to be passed on."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            event_type=it["event_type"],
            instructor=UUID(it["instructor"]),
            part=it["part"],
            embed=it.get("embed"),
            page=it.get("page"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DealerBrief:
    """DealerBrief."""

    city: str
    id: UUID
    name: str
    group: str | None = None
    region: str | None = None

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            city=it["city"],
            id=UUID(it["id"]),
            name=it["name"],
            group=it.get("group"),
            region=it.get("region"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is otherwise there than here."""

    in_words: str
    why: CalendarDifference
    part: int | None = None
    """Counted from 1; absent for the whole session."""
    registration: UUID | None = None

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            in_words=it["in_words"],
            why=CalendarDifference(it["why"]),
            part=it.get("part"),
            registration=None if it.get("registration") is None else UUID(it["registration"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """Somebody who has to go when a session has fewer seats."""

    registration: UUID
    """Whose registration."""
    to: UUID | None = None
    """To which session; nowhere when absent."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            registration=UUID(it["registration"]),
            to=None if it.get("to") is None else UUID(it["to"]),
        )

    def _write(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = {}
        said["registration"] = _to.uuid(f"{name}.registration", self.registration)
        if self.to is not None:
            said["to"] = _to.uuid(f"{name}.to", self.to)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A component together with its settings."""

    component: str
    number: int
    settings: dict[str, Any] = field(hash=False)
    version: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            component=it["component"],
            number=it["number"],
            settings=dict(it["settings"]),
            version=it["version"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Feed."""

    url: str
    """Whoever knows it can read your schedule: give it to your calendar program only. A new one voids the old."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            url=it["url"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Follower:
    """Follower."""

    detail: str
    """What is wrong, or how it is."""
    name: str
    ok: bool

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            detail=it["detail"],
            name=it["name"],
            ok=it["ok"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role and where it is held."""

    role: Role
    dealer: UUID | None = None
    """At which dealer; absent for the roles that are held everywhere."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            role=Role(it["role"]),
            dealer=None if it.get("dealer") is None else UUID(it["dealer"]),
        )

    def _write(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = {}
        said["role"] = _to.word(f"{name}.role", Role, self.role)
        if self.dealer is not None:
            said["dealer"] = _to.uuid(f"{name}.dealer", self.dealer)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The registrations of a group."""

    items: tuple[Registration, ...]
    """One for each person, in the order in which they were named."""
    seats: Seats
    """The seats of the session afterwards."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Registration._read(one) for one in it["items"]),
            seats=Seats._read(it["seats"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Health."""

    detail: str
    """What is wrong, or how it is."""
    ok: bool

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            detail=it["detail"],
            ok=it["ok"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOfPlugin:
    """What was done to a plugin."""

    items: tuple[Step, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Step._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One thing that happened to a registration."""

    at: datetime
    by: str
    """`you`, a person's id, or the part of the system that did it."""
    facts: dict[str, Any] = field(hash=False)
    """What else is known of it."""
    what: str
    why: str | None = None
    """As whoever did it said."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            by=it["by"],
            facts=dict(it["facts"]),
            what=it["what"],
            why=it.get("why"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """Something that happened."""

    at: datetime
    facts: dict[str, Any] = field(hash=False)
    """What else is known of it, as it was saved."""
    number: int
    """Its number: without gaps, in the order of time."""
    request: UUID
    """The request that caused it; the log calls it by the same id."""
    what: str
    by: PersonBrief | None = None
    """The person who did it; absent where the system did."""
    by_system: str | None = None
    """The part of the system that did it; absent where a person did."""
    learner: PersonBrief | None = None
    """To whom it happened."""
    registration: UUID | None = None
    seats: Seats | None = None
    """The session's seats afterwards."""
    session: UUID | None = None
    why: str | None = None
    """As whoever did it said."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            facts=dict(it["facts"]),
            number=it["number"],
            request=UUID(it["request"]),
            what=it["what"],
            by=None if it.get("by") is None else PersonBrief._read(it["by"]),
            by_system=it.get("by_system"),
            learner=None if it.get("learner") is None else PersonBrief._read(it["learner"]),
            registration=None if it.get("registration") is None else UUID(it["registration"]),
            seats=None if it.get("seats") is None else Seats._read(it["seats"]),
            session=None if it.get("session") is None else UUID(it["session"]),
            why=it.get("why"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key for check-in codes, for a device that must work without a network."""

    code: str
    """The code of this moment."""
    key: str
    """HMAC-SHA-256 key, in hexadecimal."""
    step_seconds: int
    """A code is `<subject>.<step>.<signature>`: the step counts so many seconds since 1970, the signature is the first 16 bytes of HMAC-SHA-256 over `<subject>.<step>`, in hexadecimal."""
    subject: UUID
    """The subject of this key's codes: the session, or the registration."""
    valid_seconds: int
    """For so long a code can be used at most."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            code=it["code"],
            key=it["key"],
            step_seconds=it["step_seconds"],
            subject=UUID(it["subject"]),
            valid_seconds=it["valid_seconds"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A session in its two places, from 1."""

    said: tuple[Said, ...]
    session: UUID
    after: int | None = None
    """With the plugin."""
    before: int | None = None
    """Without rules; absent when it would not be shown."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            said=tuple(Said._read(one) for one in it["said"]),
            session=UUID(it["session"]),
            after=it.get("after"),
            before=it.get("before"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationBrief:
    """LocationBrief."""

    city: str
    id: UUID
    lat: float
    lon: float
    name: str
    zone: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            city=it["city"],
            id=UUID(it["id"]),
            lat=it["lat"],
            lon=it["lon"],
            name=it["name"],
            zone=it["zone"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A location."""

    city: str
    id: UUID
    lat: float
    """Degrees north."""
    lon: float
    """Degrees east."""
    name: str
    version: int
    zone: str
    address: str | None = None
    country: str | None = None
    rooms: tuple[str, ...] = ()

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            city=it["city"],
            id=UUID(it["id"]),
            lat=it["lat"],
            lon=it["lon"],
            name=it["name"],
            version=it["version"],
            zone=it["zone"],
            address=it.get("address"),
            country=it.get("country"),
            rooms=tuple(it.get("rooms", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOfPlugin:
    """A plugin's log."""

    items: tuple[Log, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Log._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A line of a plugin's log on the host that answers."""

    at: datetime
    is_warning: bool
    """Whether it is more than a remark."""
    text: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            is_warning=it["is_warning"],
            text=it["text"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Looks for alternatives that were asked again."""

    different: int
    """How often it gave something else, though no rules had a say."""
    dropped: int
    """Sessions that would not have been shown any more."""
    examples: tuple[Moved, ...]
    """Some of those that moved."""
    moved: int
    """How often something else would have been shown with it, or in another order."""
    new: int
    """Sessions that would have been shown instead."""
    opinions: int
    """How often the plugin had an opinion that counts."""
    other_first: int
    """How often something else would have been first."""
    reasons: dict[str, int] = field(hash=False)
    """How often what moved had which reason; the first 100 reasons."""
    repeated: int
    """How often it could be asked again."""
    ruled: int
    """How often rules of that time had a say in what was shown."""
    same: int
    """How often that, without rules, gave what was shown at the time."""
    shown: int
    """How often something was shown to learners of these dealers."""
    unrepeated: dict[str, int] = field(hash=False)
    """How often it could not be asked again, by why."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            different=it["different"],
            dropped=it["dropped"],
            examples=tuple(Moved._read(one) for one in it["examples"]),
            moved=it["moved"],
            new=it["new"],
            opinions=it["opinions"],
            other_first=it["other_first"],
            reasons=dict(it["reasons"]),
            repeated=it["repeated"],
            ruled=it["ruled"],
            same=it["same"],
            shown=it["shown"],
            unrepeated=dict(it["unrepeated"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBody:
    """How long somebody was at one part."""

    part: int
    """Counted from 1."""
    registration: UUID
    at: datetime | None = None
    """When it was seen, for marks that are sent later; now when absent."""
    client: UUID | None = None
    """What the device calls the mark: sending it again changes nothing."""
    excused: bool | None = None
    """Away with an excuse for what is left; may be said before the day."""
    minutes: int | None = None
    """The whole part when absent."""
    reason: str | None = None
    """Needed when it corrects another after the session was completed."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            part=it["part"],
            registration=UUID(it["registration"]),
            at=None if it.get("at") is None else _from.time(it["at"]),
            client=None if it.get("client") is None else UUID(it["client"]),
            excused=it.get("excused"),
            minutes=it.get("minutes"),
            reason=it.get("reason"),
        )

    def _write(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = {}
        said["part"] = _to.whole(f"{name}.part", self.part)
        said["registration"] = _to.uuid(f"{name}.registration", self.registration)
        if self.at is not None:
            said["at"] = _to.time(f"{name}.at", self.at)
        if self.client is not None:
            said["client"] = _to.uuid(f"{name}.client", self.client)
        if self.excused is not None:
            said["excused"] = _to.flag(f"{name}.excused", self.excused)
        if self.minutes is not None:
            said["minutes"] = _to.whole(f"{name}.minutes", self.minutes)
        if self.reason is not None:
            said["reason"] = _to.text(f"{name}.reason", self.reason)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How long somebody was at one part of a session."""

    at: datetime
    """When it was seen."""
    excused: bool
    """Away with an excuse for what is left."""
    minutes: int
    part: int
    """Counted from 1."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            excused=it["excused"],
            minutes=it["minutes"],
            part=it["part"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedView:
    """What became of one mark."""

    part: int
    registration: UUID
    result: Marked
    client: UUID | None = None
    code: str | None = None
    """Why, when it was refused."""
    detail: str | None = None

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            part=it["part"],
            registration=UUID(it["registration"]),
            result=Marked(it["result"]),
            client=None if it.get("client") is None else UUID(it["client"]),
            code=it.get("code"),
            detail=it.get("detail"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedViews:
    """What became of each mark."""

    items: tuple[MarkedView, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(MarkedView._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The caller, with everything that decides what they may do."""

    email: str
    id: UUID
    name: str
    version: int
    zone: str
    active: bool | None = None
    dealer: UUID | None = None
    """Where they work."""
    dealer_details: DealerBrief | None = None
    interests: tuple[str, ...] = ()
    manager: UUID | None = None
    """Who leads them."""
    notify_by: tuple[Channel, ...] = ()
    """How they are told: `mail`, `sms`, `push`; not at all when empty."""
    preferred_locations: tuple[UUID, ...] = ()
    """Where they would rather be trained than near their dealer; the nearest counts."""
    preferred_times: tuple[str, ...] = ()
    """When they would rather be trained: weekdays, or parts of them."""
    roles: tuple[Grant, ...] = ()
    stands_in_for: tuple[UUID, ...] = ()
    """Managers for whose teams they decide as well, as deputies; the role manager at the dealer is needed too."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            email=it["email"],
            id=UUID(it["id"]),
            name=it["name"],
            version=it["version"],
            zone=it["zone"],
            active=it.get("active"),
            dealer=None if it.get("dealer") is None else UUID(it["dealer"]),
            dealer_details=None if it.get("dealer_details") is None else DealerBrief._read(it["dealer_details"]),
            interests=tuple(it.get("interests", ())),
            manager=None if it.get("manager") is None else UUID(it["manager"]),
            notify_by=tuple(Channel(one) for one in it.get("notify_by", ())),
            preferred_locations=tuple(UUID(one) for one in it.get("preferred_locations", ())),
            preferred_times=tuple(it.get("preferred_times", ())),
            roles=tuple(Grant._read(one) for one in it.get("roles", ())),
            stands_in_for=tuple(UUID(one) for one in it.get("stands_in_for", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """The caller's own registration."""

    registration: UUID
    status: RegistrationStatus

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            registration=UUID(it["registration"]),
            status=RegistrationStatus(it["status"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A prerequisite that the caller lacks."""

    course: UUID
    title: str
    why: str
    """Why it is missing, in words."""
    expired_at: datetime | None = None
    """When the caller's completion ended, or will have ended."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            course=UUID(it["course"]),
            title=it["title"],
            why=it["why"],
            expired_at=None if it.get("expired_at") is None else _from.time(it["expired_at"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthlyPage:
    """MonthlyPage."""

    counted_from: CountedFrom
    """Where they are counted from: `journal` or `kafka`; `off` when nobody counts (`analytics.from`)."""
    items: tuple[Monthly, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            counted_from=CountedFrom(it["counted_from"]),
            items=tuple(Monthly._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Monthly:
    """What happened in a course in a month of the place where it is taught, as often as it was told."""

    attended: int
    completed: int
    course: UUID
    excused: int
    month: str
    no_show: int
    partial: int
    registered: int
    title: str
    """Empty when there is no such course any more."""
    unregistered: int
    waitlisted: int

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            attended=it["attended"],
            completed=it["completed"],
            course=UUID(it["course"]),
            excused=it["excused"],
            month=it["month"],
            no_show=it["no_show"],
            partial=it["partial"],
            registered=it["registered"],
            title=it["title"],
            unregistered=it["unregistered"],
            waitlisted=it["waitlisted"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A look for which something else would have been shown, or in another order."""

    at: datetime
    learner: UUID
    lines: tuple[Line, ...]
    """In the new order; what would not be shown any more last."""
    wanted: UUID
    """The session in whose place something was shown."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            learner=UUID(it["learner"]),
            lines=tuple(Line._read(one) for one in it["lines"]),
            wanted=UUID(it["wanted"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Notices that would have been told at another time, not at all, or as well."""

    added: dict[str, int] = field(hash=False)
    """How many are told to somebody as well, by what they are to the learner."""
    asked: int
    """How often it was asked: once for each learner to whom an entry happened."""
    at_once: int
    """Notices that are told without it as soon as something happened."""
    digest: int
    """Notices that are told without it with the digest."""
    entries: int
    """Entries of the journal about which the plugin was asked."""
    examples: tuple[Retold, ...]
    """Some of those that would have been told otherwise."""
    kinds: dict[str, Shift] = field(hash=False)
    """How many more and how many fewer are told of what happened, by its word."""
    muted: int
    """How many are not told."""
    to_at_once: int
    """How many are told at once instead."""
    to_digest: int
    """How many are told with the digest instead."""
    to_minute: int
    """How many are told at another minute instead."""
    unchanged: int
    """Of all these, how many are told with it as they are without."""
    unrepeated: dict[str, int] = field(hash=False)
    """How often it could not be asked as it would have been then, by why."""
    urgently: int
    """Notices that are told without the plugin as soon as something happened, whatever the hour."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            added=dict(it["added"]),
            asked=it["asked"],
            at_once=it["at_once"],
            digest=it["digest"],
            entries=it["entries"],
            examples=tuple(Retold._read(one) for one in it["examples"]),
            kinds=dict(it["kinds"]),
            muted=it["muted"],
            to_at_once=it["to_at_once"],
            to_digest=it["to_digest"],
            to_minute=it["to_minute"],
            unchanged=it["unchanged"],
            unrepeated=dict(it["unrepeated"]),
            urgently=it["urgently"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Odds:
    """How likely a place in the queue is to become a seat."""

    in_words: str
    likely: float
    """From 0 to 1."""
    placed_in: int
    """Those of them in which as many people got a seat from the queue as would be needed now."""
    sessions: int
    """Past sessions of the course behind which people waited."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            in_words=it["in_words"],
            likely=it["likely"],
            placed_in=it["placed_in"],
            sessions=it["sessions"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Overtaking:
    """Somebody who would have had another place in a queue when they joined it."""

    after: int
    """Their place with the plugin."""
    at: datetime
    before: int
    """Their place, from 1."""
    learner: UUID
    level: int
    """How far in front they would be put."""
    overtaken: tuple[UUID, ...]
    """The first few of those who would have waited behind them."""
    plugin: str
    reason: str
    session: UUID

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            after=it["after"],
            at=_from.time(it["at"]),
            before=it["before"],
            learner=UUID(it["learner"]),
            level=it["level"],
            overtaken=tuple(UUID(one) for one in it["overtaken"]),
            plugin=it["plugin"],
            reason=it["reason"],
            session=UUID(it["session"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What the caller would rather have."""

    version: int
    """Raised by one with every change of the person."""
    zone: str
    """The zone they live by."""
    interests: tuple[str, ...] = ()
    """Topics they care about."""
    notify_by: tuple[Channel, ...] = ()
    """How they are told: `mail`, `sms`, `push`; not at all when empty."""
    preferred_locations: tuple[UUID, ...] = ()
    """Where they would rather be trained than near their dealer; the nearest counts."""
    preferred_times: tuple[str, ...] = ()
    """When they would rather be trained: weekdays, or parts of them."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            version=it["version"],
            zone=it["zone"],
            interests=tuple(it.get("interests", ())),
            notify_by=tuple(Channel(one) for one in it.get("notify_by", ())),
            preferred_locations=tuple(UUID(one) for one in it.get("preferred_locations", ())),
            preferred_times=tuple(it.get("preferred_times", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionPage:
    """One page."""

    items: tuple[Completion, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Completion._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage:
    """One page."""

    items: tuple[Course, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Course._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntryPage:
    """One page."""

    items: tuple[JournalEntry, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(JournalEntry._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationPage:
    """One page."""

    items: tuple[Location, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Location._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """One page."""

    items: tuple[Person, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Person._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationPage:
    """One page."""

    items: tuple[Registration, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Registration._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """One page."""

    items: tuple[Session, ...]
    """Its lines."""
    next: str | None = None
    """Send it as `cursor` for the next page; absent on the last."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Session._read(one) for one in it["items"]),
            next=it.get("next"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartBody:
    """One part, as people say it."""

    length: timedelta
    starts: datetime
    """Wall clock, without an offset."""
    room: str | None = None
    zone: str | None = None
    """Whose wall clock; the location's when absent."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            length=_from.length(it["length"]),
            starts=_from.wall_clock(it["starts"]),
            room=it.get("room"),
            zone=it.get("zone"),
        )

    def _write(self, name: str) -> dict[str, Any]:
        said: dict[str, Any] = {}
        said["length"] = _to.length(f"{name}.length", self.length)
        said["starts"] = _to.wall_clock(f"{name}.starts", self.starts)
        if self.room is not None:
            said["room"] = _to.text(f"{name}.room", self.room)
        if self.zone is not None:
            said["zone"] = _to.text(f"{name}.zone", self.zone)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a session, as people say it and as an instant."""

    length: timedelta
    room: str
    starts: datetime
    starts_at: datetime
    zone: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            length=_from.length(it["length"]),
            room=it["room"],
            starts=_from.wall_clock(it["starts"]),
            starts_at=_from.time(it["starts_at"]),
            zone=it["zone"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The three parts of a score, or their weights."""

    availability: float
    proximity: float
    relevance: float

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            availability=it["availability"],
            proximity=it["proximity"],
            relevance=it["relevance"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonBrief:
    """A person, by name."""

    id: UUID
    name: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            id=UUID(it["id"]),
            name=it["name"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person."""

    email: str
    id: UUID
    name: str
    version: int
    zone: str
    active: bool | None = None
    dealer: UUID | None = None
    """Where they work."""
    interests: tuple[str, ...] = ()
    manager: UUID | None = None
    """Who leads them."""
    notify_by: tuple[Channel, ...] = ()
    """How they are told: `mail`, `sms`, `push`; not at all when empty."""
    preferred_locations: tuple[UUID, ...] = ()
    """Where they would rather be trained than near their dealer; the nearest counts."""
    preferred_times: tuple[str, ...] = ()
    """When they would rather be trained: weekdays, or parts of them."""
    roles: tuple[Grant, ...] = ()
    stands_in_for: tuple[UUID, ...] = ()
    """Managers for whose teams they decide as well, as deputies; the role manager at the dealer is needed too."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            email=it["email"],
            id=UUID(it["id"]),
            name=it["name"],
            version=it["version"],
            zone=it["zone"],
            active=it.get("active"),
            dealer=None if it.get("dealer") is None else UUID(it["dealer"]),
            interests=tuple(it.get("interests", ())),
            manager=None if it.get("manager") is None else UUID(it["manager"]),
            notify_by=tuple(Channel(one) for one in it.get("notify_by", ())),
            preferred_locations=tuple(UUID(one) for one in it.get("preferred_locations", ())),
            preferred_times=tuple(it.get("preferred_times", ())),
            roles=tuple(Grant._read(one) for one in it.get("roles", ())),
            stands_in_for=tuple(UUID(one) for one in it.get("stands_in_for", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Places in queues."""

    examples: tuple[Overtaking, ...]
    """Some of those who would have had another place."""
    granted: int
    """How often the plugin would have put them in front."""
    joined: int
    """How often learners of these dealers joined a queue."""
    moved: int
    """How often that would have been another place than they had."""
    unrepeated: int
    """How often nobody could be asked."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            examples=tuple(Overtaking._read(one) for one in it["examples"]),
            granted=it["granted"],
            joined=it["joined"],
            moved=it["moved"],
            unrepeated=it["unrepeated"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin as it is used."""

    editions: tuple[Edition, ...]
    """Oldest first."""
    id: UUID
    place: int
    """Where it comes among others: the smallest first."""
    plugin: str
    """What it is called."""
    version: int
    active: int | None = None
    """The number of the edition that counts now; absent when it is off."""
    before: int | None = None
    """The number of the edition that counted before, to which it can be rolled back."""
    dealer: UUID | None = None
    """The dealer for whose learners it speaks; absent when it speaks for more."""
    dealer_group: str | None = None
    """The dealer group for whose learners it speaks; absent, like `dealer`, when it speaks for everybody's."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            editions=tuple(Edition._read(one) for one in it["editions"]),
            id=UUID(it["id"]),
            place=it["place"],
            plugin=it["plugin"],
            version=it["version"],
            active=it.get("active"),
            before=it.get("before"),
            dealer=None if it.get("dealer") is None else UUID(it["dealer"]),
            dealer_group=it.get("dealer_group"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugins:
    """Plugins in the order in which they are asked."""

    combining: str
    """How several that speak for the same learners are combined, in words."""
    items: tuple[Plugin, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            combining=it["combining"],
            items=tuple(Plugin._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """Why somebody comes before those who joined earlier."""

    level: int
    """1 to 9; whoever has more comes first."""
    reason: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            level=it["level"],
            reason=it["reason"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Ready."""

    desk: Health
    feed: Health
    followers: tuple[Follower, ...]
    """What follows the journal here. This host can serve while one of them is behind."""
    status: str
    store: Health

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            desk=Health._read(it["desk"]),
            feed=Health._read(it["feed"]),
            followers=tuple(Follower._read(one) for one in it["followers"]),
            status=it["status"],
            store=Health._read(it["store"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One learner's claim on one session."""

    created_at: datetime
    id: UUID
    learner: PersonBrief
    marks: tuple[Mark, ...]
    """How long the learner was at each part."""
    session: Session
    status: RegistrationStatus
    alternatives: tuple[Alternative, ...] | None = None
    """What can be taken instead, when the learner waited in vain; only when one registration was asked for."""
    approval_until: datetime | None = None
    """Until when a seat is held for an approval."""
    approved: bool | None = None
    """Whether one who waits has been approved beforehand."""
    attendance: Attendance | None = None
    """What the learner's attendance came to, once the session was completed: `attended`, `partial`, `no-show` or `excused`."""
    automatic: bool | None = None
    """"Book me without asking", of one who waits."""
    calendar: SeatShown | None = None
    """How far calendars show the seat; only when one registration was asked for."""
    gives_back: UUID | None = None
    """The seat in another session that is given back for this one."""
    group: UUID | None = None
    """Who waits together carries the same group: all are placed, or none."""
    history: tuple[History, ...] | None = None
    """What happened to it, oldest first; only when one registration was asked for."""
    odds: Odds | None = None
    """What past sessions of the same course say about the place of one who waits; absent where they say too little, and when more than one registration was asked for."""
    offer_until: datetime | None = None
    """Until when an offer can be taken."""
    paused: bool | None = None
    """Whether one who waits is passed over, because offers lapsed one after the other, until they resume."""
    position: int | None = None
    """The place in the queue, counted from 1, of one who waits."""
    priority: Priority | None = None
    """Why one who waits comes before those who joined earlier."""
    seat_announced_at: datetime | None = None
    """When one who waits was told that a seat is there for the first to accept."""
    successor: UUID | None = None
    """Of a seat that was handed on: the registration that has it, or the one in the other session."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            created_at=_from.time(it["created_at"]),
            id=UUID(it["id"]),
            learner=PersonBrief._read(it["learner"]),
            marks=tuple(Mark._read(one) for one in it["marks"]),
            session=Session._read(it["session"]),
            status=RegistrationStatus(it["status"]),
            alternatives=None if it.get("alternatives") is None else tuple(Alternative._read(one) for one in it["alternatives"]),
            approval_until=None if it.get("approval_until") is None else _from.time(it["approval_until"]),
            approved=it.get("approved"),
            attendance=None if it.get("attendance") is None else Attendance(it["attendance"]),
            automatic=it.get("automatic"),
            calendar=None if it.get("calendar") is None else SeatShown._read(it["calendar"]),
            gives_back=None if it.get("gives_back") is None else UUID(it["gives_back"]),
            group=None if it.get("group") is None else UUID(it["group"]),
            history=None if it.get("history") is None else tuple(History._read(one) for one in it["history"]),
            odds=None if it.get("odds") is None else Odds._read(it["odds"]),
            offer_until=None if it.get("offer_until") is None else _from.time(it["offer_until"]),
            paused=it.get("paused"),
            position=it.get("position"),
            priority=None if it.get("priority") is None else Priority._read(it["priority"]),
            seat_announced_at=None if it.get("seat_announced_at") is None else _from.time(it["seat_announced_at"]),
            successor=None if it.get("successor") is None else UUID(it["successor"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """How a rehearsal stands."""

    id: UUID
    stand: RehearsalStand
    detail: str | None = None
    """Why there is no report."""
    of: int | None = None
    """Entries that there are to read."""
    read: int | None = None
    """Entries of the journal that were read."""
    report: Report | None = None
    """What would have differed; once it is done."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            id=UUID(it["id"]),
            stand=RehearsalStand(it["stand"]),
            detail=it.get("detail"),
            of=it.get("of"),
            read=it.get("read"),
            report=None if it.get("report") is None else Report._read(it["report"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What would have differed."""

    entries: int
    """Entries of the journal that were followed."""
    failures: dict[str, int] = field(hash=False)
    """How often the plugin did not answer, by why."""
    faults: dict[str, int] = field(hash=False)
    """How often something was wrong with what a plugin said, by plugin and what."""
    looks: Looks
    misfits: int
    """Entries that do not fit those before them: with some, what was asked again may be wrong."""
    notices: Notices
    since: datetime
    """From when on."""
    taken: Taken
    until: datetime
    """Until when."""
    waitlist: Places

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            entries=it["entries"],
            failures=dict(it["failures"]),
            faults=dict(it["faults"]),
            looks=Looks._read(it["looks"]),
            misfits=it["misfits"],
            notices=Notices._read(it["notices"]),
            since=_from.time(it["since"]),
            taken=Taken._read(it["taken"]),
            until=_from.time(it["until"]),
            waitlist=Places._read(it["waitlist"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """A notice that somebody would have heard at another time, not at all, or as well."""

    after: Hears
    """When they are told with it."""
    at: datetime
    """When it happened."""
    before: Hears
    """When they are told without the plugin."""
    change: NoticeChange
    kind: str
    """What happened, by its word."""
    learner: UUID
    """To whom it happened."""
    person: UUID
    """Who is told."""
    plugin: str
    reason: str
    told_as: ToldAs
    from_: datetime | None = None
    """From which instant on, when they are told later."""
    session: UUID | None = None

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            after=Hears(it["after"]),
            at=_from.time(it["at"]),
            before=Hears(it["before"]),
            change=NoticeChange(it["change"]),
            kind=it["kind"],
            learner=UUID(it["learner"]),
            person=UUID(it["person"]),
            plugin=it["plugin"],
            reason=it["reason"],
            told_as=ToldAs(it["told_as"]),
            from_=None if it.get("from") is None else _from.time(it["from"]),
            session=None if it.get("session") is None else UUID(it["session"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterAnswer:
    """RosterAnswer."""

    items: tuple[Roster, ...]
    """Seats by name, then the queue in its order; only the people you may see."""
    seats: Seats

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(Roster._read(one) for one in it["items"]),
            seats=Seats._read(it["seats"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """One line of a roster."""

    email: str
    marks: tuple[Mark, ...]
    """How long they were at each part."""
    person: PersonBrief
    registered_at: datetime
    registration: UUID
    status: RegistrationStatus
    attendance: Attendance | None = None
    """What that came to, once the session was completed."""
    position: int | None = None
    priority: Priority | None = None
    """Why one who waits comes before those who joined earlier."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            email=it["email"],
            marks=tuple(Mark._read(one) for one in it["marks"]),
            person=PersonBrief._read(it["person"]),
            registered_at=_from.time(it["registered_at"]),
            registration=UUID(it["registration"]),
            status=RegistrationStatus(it["status"]),
            attendance=None if it.get("attendance") is None else Attendance(it["attendance"]),
            position=it.get("position"),
            priority=None if it.get("priority") is None else Priority._read(it["priority"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """RuleView."""

    least: int
    most: int
    rule: Rule
    source: RuleSource
    unit: str
    value: int

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            least=it["least"],
            most=it["most"],
            rule=Rule(it["rule"]),
            source=RuleSource(it["source"]),
            unit=it["unit"],
            value=it["value"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Rules."""

    items: tuple[RuleView, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(RuleView._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a plugin says of a session."""

    change: float
    """Added to the score."""
    plugin: str
    reason: str

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            change=it["change"],
            plugin=it["plugin"],
            reason=it["reason"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatShown:
    """How far calendars show a learner's seat."""

    seats: tuple[SeatThere, ...]
    """Where it is, in the calendar's own names."""
    state: CalendarState
    """`pending` until it is shown there as it is here; `none` when it is not going to be."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            seats=tuple(SeatThere._read(one) for one in it["seats"]),
            state=CalendarState(it["state"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatThere:
    """A seat in the calendar's own names."""

    booking: str
    part: int
    """Counted from 1."""
    seat: str
    event_type: str | None = None
    """What was booked."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            booking=it["booking"],
            part=it["part"],
            seat=it["seat"],
            event_type=it.get("event_type"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """The five numbers, and the people behind and beyond them."""

    capacity: int
    """`confirmed + held + offered + reserved + open`."""
    confirmed: int
    held: int
    offered: int
    open: int
    over_capacity: int
    reserved: int
    waitlisted: int

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            capacity=it["capacity"],
            confirmed=it["confirmed"],
            held=it["held"],
            offered=it["offered"],
            open=it["open"],
            over_capacity=it["over_capacity"],
            reserved=it["reserved"],
            waitlisted=it["waitlisted"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShown:
    """How far calendars show a session."""

    days: tuple[DayThere, ...]
    """Where each part is."""
    differs: tuple[Difference, ...]
    """What is somebody's to decide."""
    state: CalendarState
    """`pending` while it waits to be looked after; `none` when it is in no calendar."""
    looked_at: datetime | None = None
    """When it was looked after last."""
    waits_since: datetime | None = None
    """Since when it has waited."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            days=tuple(DayThere._read(one) for one in it["days"]),
            differs=tuple(Difference._read(one) for one in it["differs"]),
            state=CalendarState(it["state"]),
            looked_at=None if it.get("looked_at") is None else _from.time(it["looked_at"]),
            waits_since=None if it.get("waits_since") is None else _from.time(it["waits_since"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session."""

    course: CourseBrief
    id: UUID
    instructors: tuple[PersonBrief, ...]
    location: LocationBrief
    minimum: int
    parts: tuple[Part, ...]
    registration: Window
    seats: Seats
    status: SessionStage
    version: int
    waitlist: bool
    cancelled_because: str | None = None
    """Why it was cancelled."""
    distance_km: float | None = None
    """Kilometres from where the search looked."""
    mine: Mine | None = None
    """The caller's own registration, if there is one."""
    moved_at: datetime | None = None
    """When its time, place, room or instructors last changed after it was published. Whoever had a seat by then may leave it without being late."""
    reserved_for_you: int | None = None
    """Of the seats that are reserved, those that you may take: they are set aside for your dealer."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            course=CourseBrief._read(it["course"]),
            id=UUID(it["id"]),
            instructors=tuple(PersonBrief._read(one) for one in it["instructors"]),
            location=LocationBrief._read(it["location"]),
            minimum=it["minimum"],
            parts=tuple(Part._read(one) for one in it["parts"]),
            registration=Window._read(it["registration"]),
            seats=Seats._read(it["seats"]),
            status=SessionStage(it["status"]),
            version=it["version"],
            waitlist=it["waitlist"],
            cancelled_because=it.get("cancelled_because"),
            distance_km=it.get("distance_km"),
            mine=None if it.get("mine") is None else Mine._read(it["mine"]),
            moved_at=None if it.get("moved_at") is None else _from.time(it["moved_at"]),
            reserved_for_you=it.get("reserved_for_you"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How notices of one sort of happening change."""

    fewer: int
    """How many are not told."""
    more: int
    """How many are told as well."""
    moved: int
    """How many are told at another time."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            fewer=it["fewer"],
            more=it["more"],
            moved=it["moved"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Somebody's being signed in, in one browser."""

    begun_at: datetime
    id: UUID
    is_this: bool
    """Whether this request came with it."""
    seen_at: datetime
    """When something was last asked, to the minute."""
    until: datetime
    """When it ends, if nothing more is asked."""
    way: str
    """By which way they came in."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            begun_at=_from.time(it["begun_at"]),
            id=UUID(it["id"]),
            is_this=it["is_this"],
            seen_at=_from.time(it["seen_at"]),
            until=_from.time(it["until"]),
            way=it["way"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIns:
    """Where somebody is signed in."""

    items: tuple[SignIn, ...]

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            items=tuple(SignIn._read(one) for one in it["items"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that was done to a plugin."""

    at: datetime
    by: str
    """`you`, a person's id, or the part of the system that did it."""
    what: PluginStep
    active: int | None = None
    """The number of the edition that counted then; absent when it was off."""
    newest: int | None = None
    """The newest edition then."""
    why: str | None = None
    """As whoever did it said."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            at=_from.time(it["at"]),
            by=it["by"],
            what=PluginStep(it["what"]),
            active=it.get("active"),
            newest=it.get("newest"),
            why=it.get("why"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How often the alternative that was taken was, or would have been, first."""

    count: int
    """How many were taken."""
    first_as_shown: int
    first_with: int
    first_without: int
    shown_with: int
    """How many would have been shown at all with the plugin."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            count=it["count"],
            first_as_shown=it["first_as_shown"],
            first_with=it["first_with"],
            first_without=it["first_without"],
            shown_with=it["shown_with"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Window."""

    closes_at: datetime
    opens_at: datetime | None = None
    """When it was published; absent for a draft."""

    @classmethod
    def _read(cls, it: dict[str, Any]) -> Self:
        return cls(
            closes_at=_from.time(it["closes_at"]),
            opens_at=None if it.get("opens_at") is None else _from.time(it["opens_at"]),
        )
