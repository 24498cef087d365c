"""What dealer admins do with rules of their own: upload, use, change, switch, rehearse. Some of the rules misbehave on purpose.

Not here: whether a switch survives the death of a host (`switching.py`).
"""

from __future__ import annotations

from typing import Any

from .client import Client
from .moves import chance, move
from .wire import Answer

# What the troublemaker can be told to do; each must be contained, and the registration goes on.
DOINGS = ("first", "last", "refuse", "panic", "loop for ever", "take all memory", "say it long", "no number", "another session")
# At most so many plugins of one dealer; more would not be taken.
MOST = 4


def keeper(c: Client) -> tuple[str, str]:
    """A dealer, and who looks after it."""
    return c.rng.choice(list(c.town.dealer_admins.items()))


def upload(c: Client, who: str, name: str) -> Answer:
    """A component; its digest is in the answer."""
    raw = (c.shared.components / f"{name}.wasm").read_bytes()
    return c.call("upload_component", who, raw=raw)


def settings(c: Client, name: str) -> dict[str, Any]:
    """Some that the component takes."""
    if name == "trouble":
        return {"do": c.rng.choice(DOINGS)}
    return {"certificate": c.town.courses["basics"], "topic": "safety", "change": c.rng.choice([-0.2, 0.1, 0.5])}


def _added(c: Client) -> tuple[str, str] | None:
    """A new plugin, off; it and who looks after it."""
    dealer, who = keeper(c)
    name = c.rng.choice(["trouble", "ev_certified_first"])
    made = upload(c, who, name)
    if not made.ok:
        return None
    added = c.call("add_plugin", who, body={"component": made.body["component"], "dealer": dealer, "settings": settings(c, name)})
    return (added.body["id"], who) if added.ok else None


def _plugin(c: Client) -> tuple[str, str] | None:
    """One that is there, or a new one."""
    dealer, who = keeper(c)
    listed = c.call("plugins", who, query={"dealer": dealer})
    items = listed.body["items"] if listed.ok else []
    if len(items) < MOST and (not items or chance(c.rng, 0.3)):
        return _added(c)
    return (c.rng.choice(items)["id"], who) if items else None


def _activate(c: Client, plugin: str, who: str) -> Answer:
    return c.call("activate_plugin", who, path={"id": plugin}, body={"reason": f"a wish {c.rng.getrandbits(16)}"})


def _edit(c: Client, plugin: str, who: str) -> None:
    now = c.call("plugin", who, path={"id": plugin})
    if not now.ok:
        return
    name = now.body["plugin"].replace("-", "_")
    tag = (("If-Match", now.headers.get("etag", "")),)
    c.call("edit_plugin", who, path={"id": plugin}, body={"settings": settings(c, name)}, headers=tag)


@move("upload_component", 0.3)
def upload_component(c: Client) -> None:
    """One that is there already, mostly."""
    made = upload(c, keeper(c)[1], "trouble")
    if made.ok:
        c.call("component", keeper(c)[1], path={"digest": made.body["component"]})


@move("component", 0.2)
def component(c: Client) -> None:
    """What was uploaded."""
    upload_component(c)


@move("plugins", 0.3)
def plugins(c: Client) -> None:
    """Which there are."""
    c.call("plugins", keeper(c)[1])


@move("plugin", 0.3)
def plugin(c: Client) -> None:
    """One, also by somebody of another dealer."""
    known = _plugin(c)
    if known:
        c.call("plugin", known[1] if chance(c.rng, 0.8) else keeper(c)[1], path={"id": known[0]})


@move("add_plugin", 0.4)
def add_plugin(c: Client) -> None:
    """A new one, where there is place."""
    _plugin(c)


@move("edit_plugin", 0.4)
def edit_plugin(c: Client) -> None:
    """Other settings."""
    known = _plugin(c)
    if known:
        _edit(c, *known)


@move("activate_plugin", 0.6)
def activate_plugin(c: Client) -> None:
    """The newest edition counts."""
    known = _plugin(c)
    if known:
        _activate(c, *known)


@move("roll_back_plugin", 0.4)
def roll_back_plugin(c: Client) -> None:
    """Two editions, the second of which was a mistake."""
    known = _plugin(c)
    if known and _activate(c, *known).ok:
        _edit(c, *known)
        _activate(c, *known)
        c.call("roll_back_plugin", known[1], path={"id": known[0]}, body={"reason": "it was a mistake"})


@move("switch_off_plugin", 0.3)
def switch_off_plugin(c: Client) -> None:
    """It counts no more."""
    known = _plugin(c)
    if known and _activate(c, *known).ok:
        c.call("switch_off_plugin", known[1], path={"id": known[0]}, body={"reason": "summer"})


@move("remove_plugin", 0.3)
def remove_plugin(c: Client) -> None:
    """One that is off; it has a history all the same."""
    known = _added(c) or _plugin(c)
    if known and c.call("remove_plugin", known[1], path={"id": known[0]}).ok:
        c.call("plugin_history", known[1], path={"id": known[0]})


@move("plugin_history", 0.3)
def plugin_history(c: Client) -> None:
    """What was done to one."""
    known = _plugin(c)
    if known:
        c.call("plugin_history", known[1], path={"id": known[0]})


@move("plugin_log", 0.3)
def plugin_log(c: Client) -> None:
    """What it wrote."""
    known = _plugin(c)
    if known:
        c.call("plugin_log", known[1], path={"id": known[0]})


@move("ask_plugin_anew", 0.4)
def ask_plugin_anew(c: Client) -> None:
    """Those who wait already."""
    known = _plugin(c)
    if known:
        c.call("ask_plugin_anew", known[1], path={"id": known[0]}, body={})


@move("rehearse_plugin", 0.2)
def rehearse_plugin(c: Client) -> None:
    """Begun, looked at and given up, on one host: it lives there."""
    known = _plugin(c)
    if not known:
        return
    host = c.any_host()
    begun = c.call("rehearse_plugin", known[1], path={"id": known[0]}, body={}, host=host)
    if begun.ok:
        path = {"id": known[0], "rehearsal": begun.body["id"]}
        c.call("plugin_rehearsal", known[1], path=path, host=host)
        c.call("drop_rehearsal", known[1], path=path, host=host)


@move("plugin_rehearsal", 0.1)
def plugin_rehearsal(c: Client) -> None:
    """One."""
    rehearse_plugin(c)


@move("drop_rehearsal", 0.1)
def drop_rehearsal(c: Client) -> None:
    """Another."""
    rehearse_plugin(c)
