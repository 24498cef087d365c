"""`rank` over many sessions, beside the same of a program in Rust, and beside the same score worked out with numpy; prints microseconds
of each, the median of several."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from ilt import CourseFacts, LearnerFacts, PlaceFacts, SessionFacts, Sessions, rank

NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
ROUNDS = 201
EARTH_KM = 6371.0
NEAR_KM, SOON_DAYS = 300.0, 60.0
UTC_FORM = "%Y-%m-%dT%H:%M:%SZ"


def median(work: Callable[[], object]) -> float:
    """Microseconds."""
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1e6)
    return statistics.median(times)


def in_rust(program: str, places: list[PlaceFacts], courses: list[CourseFacts], facts: list[SessionFacts]) -> float:
    """Microseconds of a program that is given the same."""
    lines = [f"place\t{it.id}\t{it.lat}\t{it.lon}" for it in places]
    lines += [f"course\t{it.id}\t{it.topics[0]}" for it in courses]
    lines += [f"session\t{it.id}\t{it.course}\t{it.location}\t{it.starts:{UTC_FORM}}\t{it.capacity}\t{it.open}" for it in facts]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "facts"
        file.write_text("\n".join(lines), encoding="utf-8")
        return float(subprocess.check_output([program, file, f"{NOW:{UTC_FORM}}"], text=True))  # noqa: S603


def main(program: str, count: int) -> None:
    """Everybody wants the same session, and lives in Cologne."""
    chance = random.Random(7)  # noqa: S311
    courses = [CourseFacts(id=uuid.uuid4(), title=f"Course {number}", topics=(f"topic {number % 12}",)) for number in range(200)]
    places = [
        PlaceFacts(id=uuid.uuid4(), name=f"Centre {number}", lat=chance.uniform(36, 60), lon=chance.uniform(-9, 30))
        for number in range(150)
    ]
    facts = [
        SessionFacts(
            id=uuid.uuid4(),
            course=chance.choice(courses).id,
            location=chance.choice(places).id,
            starts=NOW + timedelta(hours=chance.randrange(24, 24 * 360)),
            length=timedelta(hours=6),
            capacity=20,
            open=chance.randrange(0, 21),
        )
        for _ in range(count)
    ]
    wanted, learner = facts[0], LearnerFacts(places=((50.94, 6.96),), interests=("topic 3",))
    begun = time.perf_counter()
    sessions = Sessions(facts, courses=courses, places=places)
    built = (time.perf_counter() - begun) * 1e3

    at = {place.id: number for number, place in enumerate(places)}
    place = np.array([at[it.location] for it in facts])
    lat, lon = (np.radians([getattr(it, name) for it in places])[place] for name in ("lat", "lon"))
    starts = np.array([it.starts.timestamp() for it in facts])
    seats, open_ = (np.array([getattr(it, name) for it in facts], dtype=float) for name in ("capacity", "open"))
    same = np.array([it.course == wanted.course for it in facts])
    here = np.radians((50.94, 6.96))

    def with_numpy() -> object:
        half = np.sin((lat - here[0]) / 2) ** 2 + np.cos(lat) * np.cos(here[0]) * np.sin((lon - here[1]) / 2) ** 2
        proximity = np.exp(-2 * EARTH_KM * np.arcsin(np.sqrt(half)) / NEAR_KM)
        availability = 0.5 * open_ / seats + 0.5 * np.exp(-np.abs(starts - starts[0]) / 86_400 / SOON_DAYS)
        score = 0.40 * proximity + 0.35 * availability + 0.25 * same
        score[(open_ == 0) | (starts <= NOW.timestamp())] = -1
        score[0] = -1
        best = np.argpartition(-score, 3)[:3]
        return best[np.lexsort((starts[best], -score[best]))]

    print(f"{count:,} sessions put in order once: {built:.0f} ms")
    for _ in range(3):
        rust = in_rust(program, places, courses, facts)
        ours = median(lambda: rank(sessions, wanted.id, learner=learner, now=NOW))
        theirs = median(with_numpy)
        print(f"Rust {rust:.0f} us, rank {ours:.0f} us ({ours / rust:.2f}), numpy {theirs:.0f} us ({theirs / ours:.0f} times rank)")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
