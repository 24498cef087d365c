"""What may be read of the platform's tables."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from conftest import POSTGRES
from ilt.fastapi.nlj import COLUMNS, Platform, PlatformError, grants
from nlj_academy import Academy, asynchronous


def test_grants_name_every_column_that_is_read_and_no_other() -> None:
    assert grants("training").splitlines() == [
        'GRANT USAGE ON SCHEMA "public" TO "training";',
        'GRANT SELECT (id, email, full_name, username, role, is_active) ON "public".users TO "training";',
        "GRANT SELECT (id, title, description, duration_minutes, prerequisites, content_items, requires_approval, auto_approve, "
        'is_published, is_active, created_by_id) ON "public".training_programs TO "training";',
    ]
    assert "hashed_password" not in COLUMNS["users"]
    assert '"a""b"' in grants('a"b')


async def test_a_role_with_these_grants_reads_what_is_needed_and_nothing_else(academy: Academy) -> None:
    if academy.schema is None:
        pytest.skip("SQLite has no roles")
    user, programme = await academy.person("ADMIN"), await academy.programme(prerequisites=[uuid.uuid4()])
    role = f"training_{uuid.uuid4().hex}"
    url = asynchronous(POSTGRES)
    async with academy.database.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD '{role}'"))
        for statement in grants(role, academy.schema).splitlines():
            await connection.execute(text(statement))
    least = create_async_engine(f"postgresql+asyncpg://{role}:{role}@{url.split('@', 1)[1]}")
    try:
        platform = Platform(least, schema=academy.schema)
        await platform.check()
        found = await platform.user(user)
        assert found is not None
        assert (found.id, found.role) == (user, "ADMIN")
        assert [[it.id for it in page] async for page in platform.users()] == [[user]]
        known = await platform.programme(programme)
        assert known is not None
        assert len(known.prerequisites) == 1
        for refused in (
            f"SELECT hashed_password FROM {academy.schema}.users",
            f"SELECT * FROM {academy.schema}.users",
            f"SELECT learning_objectives FROM {academy.schema}.training_programs",
            f"UPDATE {academy.schema}.users SET role = 'ADMIN'",
            f"DELETE FROM {academy.schema}.training_programs",
        ):
            async with least.connect() as connection:
                with pytest.raises(DBAPIError, match="permission denied"):
                    await connection.execute(text(refused))
        async with academy.database.begin() as connection:
            await connection.execute(text(f"REVOKE SELECT (role) ON {academy.schema}.users FROM {role}"))
        with pytest.raises(PlatformError, match="users cannot be read"):
            await platform.check()
    finally:
        await least.dispose()
        async with academy.database.begin() as connection:
            await connection.execute(text(f"DROP OWNED BY {role}"))
            await connection.execute(text(f"DROP ROLE {role}"))


async def test_everybody_is_read_page_by_page(academy: Academy) -> None:
    ids = await academy.people(1001)
    pages = [page async for page in academy.platform.users()]
    assert [len(page) for page in pages] == [500, 500, 1]
    assert {it.id for page in pages for it in page} == set(ids)
