"""`ilt import-nlj`, as people type it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys
import tomllib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO

from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from ilt import ConfigurationError, Engine, IltError, ProgrammeType, StartError
from ilt.fastapi.nlj.importing.places import Places, PlacesError, read, template
from ilt.fastapi.nlj.importing.reading import Training, unreachable
from ilt.fastapi.nlj.importing.report import Report, Written
from ilt.fastapi.nlj.importing.taking import Wish, rehearse, take_over
from ilt.fastapi.nlj.people import ROLES
from ilt.fastapi.nlj.platform import grants

_ADDRESS = "NLJ_DATABASE_URL"
_LIKE = "like postgresql+asyncpg://reader:secret@db:5432/nlj, where what is no letter or digit in a password is written as %40 for @"
_STORE = "ILT__STORE__"
_SAYS = """Takes over what exists on an NLJ platform: people, programmes, sessions, bookings, and who completed what.

The platform's database is only read. What is in the engine already stays as it is there, so this can be cut off, and repeated as often
as you like. A dry run first says what would happen, and changes nothing."""
_EXAMPLE = f"""example, from nothing:
  export {_ADDRESS}=postgresql+asyncpg://reader:secret@db/nlj
  ilt import-nlj --grants reader                    # what that role may read, as SQL for whoever owns the database
  ilt import-nlj --places-template > places.toml    # fill in: the dealer, and which location each text means
  ilt import-nlj --places places.toml --dry-run     # what would come in, what would not, and what to do about it
  ilt import-nlj --places places.toml --json took-over.jsonl

Each line says what was left out, changed or not kept, by table and id. With --json the same is written for machines, an object on each
line, with {{"kind": "registration", "booking": …, "registration": …}} for what each booking is called from now on.

The engine is the one that ilt.toml in this folder (or --config) and variables such as {_STORE}URL say.

exit status: 0 all came in; 1 something was left out, or a database, or what [evidence] names, does not answer; 2 the arguments, or a file
they name, make no sense"""


class _Usage(Exception):
    """An argument makes no sense."""


def parser() -> argparse.ArgumentParser:
    """What can be typed."""
    said = argparse.ArgumentParser(
        prog="ilt import-nlj", description=_SAYS, epilog=_EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = said.add_argument
    add("--platform", metavar="URL", help=f"the platform's database; better said in {_ADDRESS}, where nobody else on the machine sees it")
    add("--schema", metavar="NAME", help="where the platform's tables are, when that is not where the database looks first")
    add("--config", metavar="FILE", type=Path, help="settings of the engine (ilt.toml when absent)")
    add("--places", metavar="FILE", type=Path, help="TOML: the dealer, and which location each free text of a session means")
    add("--places-template", action="store_true", help="print the lines of such a file that are missing, and do nothing else")
    add("--dry-run", action="store_true", help="say what would happen, and change nothing")
    add("--json", metavar="FILE", type=Path, help="write the report there as well, one JSON object on each line")
    add("--admins", action="store_true", help="whoever is ADMIN there is admin here; not where people choose their role when they sign up")
    add("--programme-type", choices=[it.value for it in ProgrammeType], default="employee-development", help="what new courses are for")
    add("--grants", metavar="ROLE", help="print the SQL that lets this database role read what is needed, and do nothing else")
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs it; answers the exit status."""
    said = parser().parse_args(arguments)
    # What there is to say stands in the report.
    log = logging.getLogger("ilt")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        if said.grants:
            print(grants(said.grants, said.schema or "public", importing=True))
            return 0
        return asyncio.run(_run(said))
    except (_Usage, PlacesError, ConfigurationError) as wrong:
        print(f"ilt import-nlj: {wrong}", file=sys.stderr)
        return 2
    except IltError as wrong:
        print(f"ilt import-nlj: {wrong.detail}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("ilt import-nlj: cut off; run it again, and it goes on where it was", file=sys.stderr)
        return 130
    finally:
        log.setLevel(level)


async def _run(said: argparse.Namespace) -> int:
    places = read(said.places) if said.places else None
    async with _platform(said.platform or os.environ.get(_ADDRESS, "")) as database:
        if places is None and not said.places_template:
            raise _Usage("--places is missing: --places-template prints a file to be filled in")
        await _reach(database)
        training = Training(database, schema=said.schema)
        if places is None or said.places_template:
            await training.check()
            print(template(await training.texts(), places))
            return 0
        with contextlib.ExitStack() as files:
            machines = files.enter_context(_opened(said.json)) if said.json else None
            written = Written(sys.stdout, machines)
            report = await (_rehearsed if said.dry_run else _taken)(said, training, places, written)
            written.machine({"kind": "summary", "dry_run": said.dry_run, "left_out": report.left_out, "rows": report.numbers()})
        print("\n" + report.summary(dry_run=said.dry_run))
        return 1 if report.left_out else 0


async def _taken(said: argparse.Namespace, training: Training, places: Places, written: Written) -> Report:
    async with Engine(said.config) as engine:
        return await take_over(engine, training, places, written, wish=_wish(said), progress=_progress())


async def _rehearsed(said: argparse.Namespace, training: Training, places: Places, written: Written) -> Report:
    async with contextlib.AsyncExitStack() as opened:
        engine = None
        if (store := _store(said.config)) is not None:
            try:
                engine = await opened.enter_async_context(Engine({"store": store}, environment=False))
            except StartError as wrong:
                if "migrations behind" not in wrong.detail:
                    raise
                print("The engine's database has not what this version needs yet: this goes by an empty one.", file=sys.stderr)
        return await rehearse(engine, training, places, written, wish=_wish(said), progress=_progress())


def _store(config: Path | None) -> dict[str, Any] | None:
    """Where the engine keeps what it knows, opened without what would change it: nothing is migrated, sent or followed. None when there
    is no such file yet."""
    file = config or Path("ilt.toml")
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8")) if config or file.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise _Usage(f"{file} cannot be read: {wrong}") from None
    store = {"url": "sqlite:ilt.db", **said.get("store", {})}
    for name in ("url", "password_file", "schema"):
        store[name] = os.environ.get(f"{_STORE}{name.upper()}", store.get(name))
    path = store["url"].removeprefix("sqlite:")
    if path != store["url"] and not Path(path.removeprefix("//")).exists():
        return None
    return {**store, "migrate": False}


def _wish(said: argparse.Namespace) -> Wish:
    return Wish(roles=ROLES if said.admins else {}, programme_type=ProgrammeType(said.programme_type))


@asynccontextmanager
async def _platform(address: str) -> AsyncIterator[AsyncEngine]:
    if not address:
        raise _Usage(f"which platform? Say its database in {_ADDRESS}, or with --platform")
    scheme, colon, rest = address.partition(":")
    scheme = {"postgres": "postgresql+asyncpg", "postgresql": "postgresql+asyncpg", "sqlite": "sqlite+aiosqlite"}.get(scheme, scheme)
    try:
        database = create_async_engine(scheme + colon + rest, pool_size=2)
    except (ArgumentError, ValueError):
        raise _Usage(f"the address of the platform's database makes no sense: it is {_LIKE}") from None
    except ModuleNotFoundError as missing:
        raise _Usage(f"the platform's database needs a module that is not installed: pip install {missing.name}") from None
    try:
        yield database
    finally:
        await database.dispose()


async def _reach(database: AsyncEngine) -> None:
    try:
        async with database.connect():
            pass
    except (DBAPIError, OSError) as error:
        raise unreachable(error) from error
    except (TypeError, ValueError, OverflowError):
        # What is wrong is said with parts of the address, and a password may be among them.
        options = f"host, port, or one of its options ({', '.join(sorted(database.url.query))})" if database.url.query else "host or port"
        raise _Usage(f"the address of the platform's database makes no sense in its {options}: it is {_LIKE}") from None


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8")
    except OSError as wrong:
        raise _Usage(f"--json: {path} cannot be written: {wrong.strerror}") from None


def _progress() -> Any:
    if not sys.stderr.isatty():
        return None

    def tell(what: str, done: int, of: int) -> None:
        print(f"\r{what}: {done:,} of {of:,}\x1b[K", end="\n" if done >= of else "", file=sys.stderr, flush=True)

    return tell
