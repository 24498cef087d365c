"""As many tasks as are given await `engine.register`; prints how many a second were confirmed."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from uuid import UUID

from ilt import APPLICATION, Engine, RegistrationStatus

KINDS = ("dealers", "locations", "courses", "people", "sessions")


def ids(file: Path) -> list[UUID]:
    """What the first column says."""
    return [UUID(line.split(",")[0]) for line in file.read_text(encoding="utf-8").splitlines()[1:]]


async def main(url: str, schema: str, folder: Path, tasks: int) -> None:
    """Registers everybody of this folder."""
    async with Engine({"store": {"url": url, "schema": schema}}) as engine:
        for kind in KINDS:
            await engine.import_csv(kind, (folder / f"{kind}.csv").read_bytes())
        [session], learners = ids(folder / "sessions.csv"), ids(folder / "people.csv")
        waiting = iter(learners)

        async def register() -> None:
            for learner in waiting:
                registration = await engine.register(session, actor=learner)
                if registration.status is not RegistrationStatus.CONFIRMED:
                    raise SystemExit(f"a registration is {registration.status}")

        begun = time.perf_counter()
        await asyncio.gather(*(register() for _ in range(tasks)))
        took = time.perf_counter() - begun
        confirmed = (await engine.session(session, actor=APPLICATION)).seats.confirmed
        if confirmed != len(learners):
            raise SystemExit(f"{confirmed} of {len(learners)} have a seat")
        print(f"{len(learners) / took:.0f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])))
