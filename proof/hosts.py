"""The hosts under test: processes that are started, killed without warning, and started again.

Not here: when that happens (`trouble.py`).
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any


def free_port() -> int:
    """A port that nobody listens at just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def knows(binary: Path, command: str) -> bool:
    """Whether a host was built with a command."""
    return subprocess.run([binary, command, "--help"], capture_output=True, timeout=120).returncode == 0


class Hosts:
    """So many host processes on one database."""

    def __init__(self, binary: Path, work: Path, store: str, secret: str, number: int, settings: dict[str, str]) -> None:
        self.binary = binary
        self.work = work
        self.ports = [free_port() for _ in range(number)]
        self.kills = 0
        self.ended_by_themselves = 0
        self._lock = threading.Lock()
        self._processes: list[subprocess.Popen[bytes] | None] = [None] * number
        self._environment = {
            **os.environ,
            "ILT__STORE__URL": store,
            "ILT__AUTH__SECRET": secret,
            "ILT__LOG__FILTER": "warn",
            # Clients here ask as often as they can.
            "ILT__HTTP__REQUESTS_PER_MINUTE": "0",
            "ILT__HTTP__PEOPLE_PER_MINUTE": "0",
            "ILT__HTTP__ALTERNATIVES_PER_MINUTE": "0",
            "ILT__HTTP__UNKNOWN_PER_MINUTE": "0",
            **settings,
        }

    def run(self, *arguments: str) -> str:
        """Runs a command of the host's own command line to its end; what it printed."""
        done = subprocess.run(
            [self.binary, *arguments], env=self._environment, cwd=self.work, capture_output=True, text=True, timeout=120
        )
        if done.returncode != 0:
            raise RuntimeError(f"ilt-host {' '.join(arguments)}: {done.stderr[-2000:] or done.stdout[-2000:]}")
        return done.stdout.strip()

    def start(self, host: int) -> None:
        """Starts one, without waiting for it."""
        log = (self.work / f"host-{host}.log").open("ab")
        environment = {**self._environment, "ILT__HTTP__PORT": str(self.ports[host])}
        with self._lock:
            self._processes[host] = subprocess.Popen(
                [self.binary, "serve"], env=environment, cwd=self.work, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        log.close()

    def start_all(self, patience: float = 60) -> None:
        """Starts all, and waits until they can serve."""
        for host in range(len(self.ports)):
            self.start(host)
        for host in range(len(self.ports)):
            if not self.wait_ready(host, patience):
                raise RuntimeError(f"host {host} did not become ready: see {self.work}/host-{host}.log")

    def kill(self, host: int) -> None:
        """SIGKILL, as a power cut would."""
        process = self._processes[host]
        if process is not None:
            process.kill()
            process.wait()
            self.kills += 1

    def raise_the_dead(self) -> list[int]:
        """Starts those again that ended by themselves, as whoever runs them would; which."""
        ended = []
        for host, process in enumerate(self._processes):
            if process is not None and process.poll() is not None:
                self.ended_by_themselves += 1
                self.start(host)
                ended.append(host)
        return ended

    def ready(self, host: int) -> tuple[int | None, Any]:
        """What `/health/ready` says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[host], timeout=5)
        try:
            connection.request("GET", "/health/ready")
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None, None
        finally:
            connection.close()

    def wait_ready(self, host: int, patience: float) -> bool:
        """Waits until one can serve."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.ready(host)[0] == 200:
                return True
            time.sleep(0.1)
        return False

    def stop_all(self, patience: float = 30) -> list[int]:
        """SIGTERM; those that had not ended after a while are killed, and named."""
        for process in self._processes:
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGTERM)
        stuck = []
        until = time.monotonic() + patience
        for host, process in enumerate(self._processes):
            if process is None:
                continue
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                stuck.append(host)
                process.kill()
                process.wait()
        return stuck
