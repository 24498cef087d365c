"""People and programmes: the engine has them as the platform has them, and keeps what only it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from ilt import APPLICATION, Course, Grant, InvalidRequest, Person, Role
from ilt.fastapi.nlj import synchronise
from ilt.fastapi.nlj.people import People
from ilt.fastapi.nlj.platform import User
from nlj_academy import DEALER, Academy, by, settled


async def person(academy: Academy, id: UUID, is_so: Callable[[Person], bool] = lambda _: True) -> Person:
    """Somebody as the engine knows them, once that is so."""
    return await settled(lambda: academy.engine.person(id, actor=APPLICATION), is_so)


async def course(academy: Academy, id: UUID, is_so: Callable[[Course], bool] = lambda _: True) -> Course:
    """A course as the engine knows it, once that is so."""
    return await settled(lambda: academy.engine.course(id, actor=APPLICATION), is_so)


def roles(it: Person) -> set[Role]:
    """What somebody may do, wherever that is."""
    return {grant.role for grant in it.roles}


async def test_whoever_asks_is_known_as_they_are_then(academy: Academy) -> None:
    learner = await academy.person(full_name="Ada First")
    async with academy.client() as client:
        await client.get("/api/my-registrations", headers=by(learner))
        known = await person(academy, learner)
        assert (known.name, known.dealer, known.active, known.zone) == ("Ada First", DEALER.id, True, DEALER.zone)
        assert known.roles == (Grant(role=Role.LEARNER, dealer=DEALER.id),)
        await academy.change(learner, full_name=None, username="ada", email="ada@academy.example", role="ADMIN")
        await client.get("/api/my-registrations", headers=by(learner))
    known = await person(academy, learner, lambda it: it.name == "ada")
    assert (known.email, roles(known)) == ("ada@academy.example", {Role.ADMIN, Role.LEARNER})


async def test_what_the_engine_alone_knows_of_somebody_stays(academy: Academy) -> None:
    learner, manager = await academy.people(2)
    own = Grant(role=Role.LEARNER, dealer=DEALER.id)
    async with academy.client() as client:
        for it in (learner, manager):
            await client.get("/api/my-registrations", headers=by(it))
        version = (await person(academy, manager)).version
        leads = [own, Grant(role=Role.MANAGER, dealer=DEALER.id)]
        await academy.engine.edit_person(manager, actor=APPLICATION, roles=leads, if_match=version)
        await person(academy, manager, lambda it: Role.MANAGER in roles(it))
        version = (await person(academy, learner)).version
        await academy.engine.edit_person(
            learner,
            actor=APPLICATION,
            roles=[own, Grant(role=Role.INSTRUCTOR)],
            manager=manager,
            zone="Asia/Tokyo",
            interests=["brakes"],
            preferred_times=["tuesday"],
            if_match=version,
        )
        await person(academy, learner, lambda it: it.manager == manager)
        await academy.change(learner, full_name="Ada Second")
        await client.get("/api/my-registrations", headers=by(learner))
    known = await person(academy, learner, lambda it: it.name == "Ada Second")
    assert (known.manager, known.zone, known.interests, known.preferred_times) == (manager, "Asia/Tokyo", ("brakes",), ("tuesday",))
    assert roles(known) == {Role.LEARNER, Role.INSTRUCTOR}


async def test_an_admin_who_is_none_any_more_is_none_here(academy: Academy) -> None:
    user = await academy.person("ADMIN")
    async with academy.client() as client:
        await client.get("/api/my-registrations", headers=by(user))
        assert roles(await person(academy, user)) == {Role.ADMIN, Role.LEARNER}
        await academy.change(user, role="LEARNER")
        await client.get("/api/my-registrations", headers=by(user))
    await person(academy, user, lambda it: roles(it) == {Role.LEARNER})


async def test_a_map_without_roles_makes_nobody_an_admin_and_takes_it_from_nobody(academy: Academy) -> None:
    user, named = await academy.people(2, "ADMIN")
    async with academy.client(roles={}) as client:
        for it in (user, named):
            await client.get("/api/my-registrations", headers=by(it))
        version = (await person(academy, named)).version
        grants = [Grant(role=Role.LEARNER, dealer=DEALER.id), Grant(role=Role.ADMIN)]
        await academy.engine.edit_person(named, actor=APPLICATION, roles=grants, if_match=version)
        await person(academy, named, lambda it: Role.ADMIN in roles(it))
        await academy.change(named, full_name="Root")
        await client.get("/api/my-registrations", headers=by(named))
    assert roles(await person(academy, user)) == {Role.LEARNER}
    assert roles(await person(academy, named, lambda it: it.name == "Root")) == {Role.LEARNER, Role.ADMIN}


async def test_one_who_cannot_be_known_keeps_nobody_else_out(academy: Academy) -> None:
    ids = await academy.people(20)
    people = People(academy.engine, DEALER)
    users = [it for it in [await academy.platform.user(one) for one in ids] if it is not None]
    twin = User(id=DEALER.id, email=users[0].email.upper(), full_name="Twin", username="twin", role="LEARNER", is_active=True)
    done = await asyncio.gather(*(people.known([it]) for it in [*users, twin]), return_exceptions=True)
    assert [it for it in done[:-1] if it is not None] == []
    assert isinstance(done[-1], InvalidRequest)
    assert done[-1].code == "account-unusable"
    for one in ids:
        await person(academy, one)


async def test_everybody_is_brought_in_at_once_and_whoever_left_gives_back(academy: Academy) -> None:
    users, programme = await academy.people(3), await academy.programme()
    odd = await academy.programme("Odd", duration_minutes=None)
    await synchronise(academy.engine, academy.platform, dealer=DEALER)
    session = await academy.session(programme, 5)
    seat = await academy.engine.register(session.id, actor=users[0])
    await academy.change(users[0], is_active=False)
    await synchronise(academy.engine, academy.platform, dealer=DEALER)
    await person(academy, users[0], lambda it: it.active is False)
    assert (await academy.engine.registration(seat.id, actor=APPLICATION)).status == "cancelled"
    assert (await course(academy, programme)).length == timedelta(minutes=90)
    assert (await course(academy, odd)).length == timedelta(hours=1)


async def test_a_course_has_the_programme_s_title_and_keeps_the_rest(academy: Academy) -> None:
    programme, learner = await academy.programme(), await academy.person()
    async with academy.client() as client:
        await client.get("/api/training-programs", headers=by(learner))
        version = (await course(academy, programme)).version
        await academy.engine.edit_course(
            programme, actor=APPLICATION, topics=["brakes", "safety"], track="t", validity_months=24, if_match=version
        )
        await course(academy, programme, lambda it: it.track == "t")
        async with academy.database.begin() as connection:
            await connection.execute(academy.programmes.update().values(title="Better brakes", duration_minutes=120))
        await client.get(f"/api/training-programs/{programme}", headers=by(learner))
    known = await course(academy, programme, lambda it: it.title == "Better brakes")
    assert known.length == timedelta(hours=2)
    assert (known.topics, known.track, known.validity_months) == (("brakes", "safety"), "t", 24)
