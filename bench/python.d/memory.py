"""A hundred thousand calls: what they leave behind, in KiB of this process."""

from __future__ import annotations

import asyncio
import gc
import sys
from pathlib import Path

from registering import KINDS, ids

from ilt import APPLICATION, Engine, NotFound

ROUNDS = 10


def resident() -> int:
    """KiB of this process in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0])


async def main(folder: Path, calls: int) -> None:
    """Reads, refusals and cancelled tasks, in turn; what counts begins after the first tenth."""
    async with Engine({"store": {"url": f"sqlite:{folder / 'memory.db'}"}}) as engine:
        for kind in KINDS:
            await engine.import_csv(kind, (folder / f"{kind}.csv").read_bytes())
        [session], learner = ids(folder / "sessions.csv"), ids(folder / "people.csv")[0]

        async def one(number: int) -> None:
            if number % 3 == 0:
                await engine.session(session, actor=learner)
            elif number % 3 == 1:
                try:
                    await engine.session(learner, actor=APPLICATION)
                except NotFound:
                    return
            else:
                asked = asyncio.ensure_future(engine.me(actor=learner))
                await asyncio.sleep(0)
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)

        for done in range(1, ROUNDS + 1):
            for first in range(0, calls // ROUNDS, 100):
                await asyncio.gather(*(one(first + number) for number in range(100)))
            gc.collect()
            print(f"after {done * calls // ROUNDS:>7,} calls: {resident():,} KiB", flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
