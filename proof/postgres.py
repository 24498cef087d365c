"""The PostgreSQL of a run: ended without warning and started again, or held still for some seconds.

It was started by `scripts/postgres` in a folder of its own; no other one is ever touched.

Not here: when that happens (`trouble.py`).
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path


class Postgres:
    """The one in a folder."""

    def __init__(self, folder: Path, script: Path) -> None:
        self.folder = folder
        self.script = script
        self.port = (folder / "port").read_text().strip()
        self.restarts = 0
        self.pauses = 0

    def _leader(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])

    def restart(self) -> None:
        """At once, as `pg_ctl -m immediate` does: no goodbye to anybody, recovery at the start."""
        leader = self._leader()
        os.kill(leader, signal.SIGQUIT)
        until = time.monotonic() + 30
        while Path(f"/proc/{leader}").exists() and time.monotonic() < until:
            time.sleep(0.05)
        subprocess.run([self.script, "start", self.folder, self.port], check=True, capture_output=True, timeout=90)
        self.restarts += 1

    def pause(self, seconds: float) -> None:
        """Held still: it neither answers nor closes a connection."""
        leader = self._leader()
        held = [leader, *_children(leader)]
        try:
            for process in held:
                _signal(process, signal.SIGSTOP)
            time.sleep(seconds)
        finally:
            # Those that were born in between are children of the leader, too.
            for process in {*held, *_children(leader)}:
                _signal(process, signal.SIGCONT)
        self.pauses += 1

    def deadlocks(self) -> int:
        """How often it had to choose who loses."""
        log = self.folder / "data" / "server.log"
        return log.read_text(errors="replace").count("deadlock detected") if log.exists() else 0


def _signal(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def _children(leader: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                # After the name in brackets: state, parent.
                if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == leader:
                    found.append(int(entry.name))
            except (OSError, IndexError):
                continue
    return found
