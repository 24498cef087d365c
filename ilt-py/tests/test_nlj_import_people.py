"""People who are in the engine already, taken over once more: what is decided here stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ilt import APPLICATION, Grant, Role
from nlj_academy import DEALER, Academy, settled
from nlj_past import Past, person, roster

OWN = Grant(role=Role.LEARNER, dealer=DEALER.id)
LEADS = Grant(role=Role.MANAGER, dealer=DEALER.id)


@pytest.fixture
async def past(academy: Academy, tmp_path: Path) -> Past:
    """A platform with a past."""
    return await Past(academy, tmp_path).made()


async def edit(past: Past, who: UUID, **to: Any) -> None:
    """Somebody is changed in the engine."""
    engine = past.academy.engine
    known = await person(engine, who)
    edited = await engine.edit_person(who, actor=APPLICATION, if_match=known.version, **to)
    await settled(lambda: engine.person(who, actor=APPLICATION), lambda it: it.version == edited.version)


async def has_address(past: Past, who: UUID, address: str) -> None:
    """That is theirs in the engine."""
    await settled(lambda: past.academy.engine.person(who, actor=APPLICATION), lambda it: it.email == address)


async def is_inactive(past: Past, who: UUID) -> None:
    """The engine has them as somebody who has left."""
    await settled(lambda: past.academy.engine.person(who, actor=APPLICATION), lambda it: it.active is False)


async def test_roles_stay_as_they_are(past: Past) -> None:
    engine, academy = past.academy.engine, past.academy
    left, leader, boss = await academy.people(3)
    chosen = await academy.person("ADMIN")
    await past.taken_over()
    await edit(past, left, roles=[])
    await edit(past, leader, roles=[LEADS])
    await edit(past, boss, roles=[OWN, Grant(role=Role.ADMIN)])
    would, took = await past.taken_over(dry_run=True), await past.taken_over()
    assert would.rows("users") == took.rows("users") == {"there already": 4}
    assert (await person(engine, left)).roles == ()
    assert (await person(engine, leader)).roles == (LEADS,)
    # They are names and addresses that change.
    for who in (left, leader, boss):
        await academy.change(who, full_name="Somebody else")
    took = await past.taken_over(roles={"ADMIN": (Role.ADMIN, Role.LEARNER)})
    assert took.rows("users") == {"there already": 1, "changed": 3}
    assert (await person(engine, left)).roles == ()
    assert (await person(engine, leader)).roles == (LEADS,)
    assert set((await person(engine, boss)).roles) == {OWN, Grant(role=Role.ADMIN)}
    assert (await person(engine, chosen)).roles == (OWN,)
    assert list(took.lines("not-kept", "users").values()) == [
        "1 users have the role ADMIN, and are here already without it: roles of who is here stay, name admins in the engine"
    ]


async def test_who_is_no_learner_here_is_none_again_on_account_of_a_booking(past: Past) -> None:
    session, who = await past.session(await past.academy.programme()), await past.academy.person()
    await past.taken_over()
    await edit(past, who, roles=[LEADS])
    (booking,) = await past.booked(session, [who])
    would, took = await past.taken_over(dry_run=True), await past.taken_over()
    assert list(would.lines("left-out", "training_bookings")) == list(took.lines("left-out", "training_bookings")) == [booking]
    assert await roster(past.academy.engine, session) == []


async def test_whoever_begins_to_teach_has_the_role_for_it_and_whoever_lost_it_has_not(past: Past) -> None:
    engine, programme = past.academy.engine, await past.academy.programme()
    ina, ben = await past.academy.people(2)
    await past.session(programme, 30, instructor_id=ina)
    assert list((await past.taken_over()).lines("changed", "users")) == [ina]
    await edit(past, ina, roles=[OWN])
    took = await past.taken_over()
    assert (took.lines("changed", "users"), took.rows("users")) == ({}, {"there already": 2})
    assert (await person(engine, ina)).roles == (OWN,)
    led = await past.session(programme, 40, instructor_id=ben)
    would, took = await past.taken_over(dry_run=True), await past.taken_over()
    assert would.rows("users") == took.rows("users") == {"there already": 1, "changed": 1}
    assert would.lines("changed", "users") == took.lines("changed", "users")
    assert took.lines("changed", "users") == {ben: "teaches sessions on the platform, and has the role instructor here"}
    await settled(lambda: engine.person(ben, actor=APPLICATION), lambda it: set(it.roles) == {OWN, Grant(role=Role.INSTRUCTOR)})
    assert [it.id for it in (await engine.session(led, actor=APPLICATION)).instructors] == [ben]
    assert (await past.taken_over()).lines("changed", "users") == {}


async def test_who_was_deactivated_here_stays_so_and_who_is_disabled_there_is_deactivated(past: Past) -> None:
    engine = past.academy.engine
    session = await past.session(await past.academy.programme())
    here, there = await past.academy.people(2)
    await past.booked(session, [there])
    await past.taken_over()
    await edit(past, here, active=False)
    await past.academy.change(there, is_active=False)
    for run in range(2):
        would, took = await past.taken_over(dry_run=True), await past.taken_over()
        assert took.rows("users") == ({"there already": 2} if run else {"there already": 1, "changed": 1})
        assert would.lines("changed", "users") == took.lines("changed", "users")
        assert took.lines("changed", "users") == {
            here: "is active on the platform and was deactivated here, and stays so: activate it here where that is not meant"
        }
        await is_inactive(past, here)
        await is_inactive(past, there)
    assert await roster(engine, session) == []


async def test_two_who_exchanged_their_addresses_come_in_beside_one_who_cannot(past: Past) -> None:
    academy = past.academy
    ada, ben, odd = await academy.people(3)
    await past.taken_over()
    for who, address in ((ada, "spare"), (ben, f"{ada.hex}@academy.example"), (ada, f"{ben.hex}@academy.example"), (odd, "no address")):
        await academy.change(who, email=address)
    took = await past.taken_over()
    assert took.rows("users") == {"changed": 2, "left out": 1}
    assert took.lines("left-out", "users") == {
        odd: "the engine cannot take this account as it is: email must be a mail address such as ada@dealer.example. Put that right there"
    }
    for who, other in ((ada, ben), (ben, ada)):
        await has_address(past, who, f"{other.hex}@academy.example")


async def test_addresses_are_exchanged_across_pages(past: Past) -> None:
    people = sorted(await past.academy.people(501))
    first, last = people[0], people[-1]
    await past.taken_over()
    for who, address in ((first, "spare"), (last, f"{first.hex}@academy.example"), (first, f"{last.hex}@academy.example")):
        await past.academy.change(who, email=address)
    assert (await past.taken_over()).rows("users") == {"there already": 499, "changed": 2}
    await has_address(past, first, f"{last.hex}@academy.example")


async def test_nothing_is_changed_where_the_engine_writes_it_otherwise(past: Past) -> None:
    await past.academy.person(email=" Ada@Academy.EXAMPLE ", full_name="  Ada ")
    assert (await past.taken_over()).rows("users") == {"new": 1}
    assert (await past.taken_over(dry_run=True)).rows("users") == {"there already": 1}
    assert (await past.taken_over()).rows("users") == {"there already": 1}
