"""The verdict, as a short table that an outsider can read.

Not here: deciding. Whatever was found makes a run fail.
"""

from __future__ import annotations

from collections import Counter

from .findings import INVARIANTS, Finding


def table(found: dict[str, list[Finding]], examples: int = 3) -> str:
    """Every invariant with how often it did not hold, and a few examples of each."""
    lines = []
    for name, every in found.items():
        lines.append(f"{len(every):8}  {name:18}  {'' if not every else INVARIANTS[name]}".rstrip())
        if name == "repeated" and every:
            for operation, times in Counter(one.about for one in every).most_common():
                lines.append(f"{'':20}{operation} {times}")
        for one in _different(every, examples):
            lines.append(f"{'':12}{one.about}: {one.detail}"[:400])
    return "\n".join(lines)


def _different(every: list[Finding], number: int) -> list[Finding]:
    """Examples that are about different things, as far as there are."""
    first: dict[str, Finding] = {}
    for one in every:
        first.setdefault(one.about, one)
    return list(first.values())[:number]


def operations(sent: dict[str, int], yes: dict[str, int]) -> str:
    """How often each operation was sent, and answered with a yes."""
    width = max((len(name) for name in sent), default=0)
    cells = [f"{name:{width}} {sent[name]:7} {yes.get(name, 0):7}" for name in sorted(sent)]
    half = (len(cells) + 1) // 2
    rows = [f"{left}    {right}" for left, right in zip(cells[:half], cells[half:] + [""])]
    return "\n".join(row.rstrip() for row in rows)
