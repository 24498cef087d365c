"""The rules that speak for those who wait are asked anew on one host after the other, also on one that has not compiled them yet, and fail in between.

Who was put in front stays there until a rule says otherwise: that a rule gives no answer says nothing.

Not here: which edition counts (`switching.py`).
"""

from __future__ import annotations

from .findings import Finding
from .hosts import Hosts
from .moves_ruling import upload
from .races import Ring

LEVEL = 7


def anew(ring: Ring, hosts: Hosts) -> list[Finding]:
    """Three wait; a new plugin puts them to the front through the first host, and every host is asked anew at once; then it panics."""
    one, town, found = ring.one, ring.shared.town, []
    dealer = town.dealers[0]
    keeper, session, many = town.dealer_admins[dealer], ring.session(1), len(hosts.ports)
    taker, *others = one.rng.sample(town.learners[dealer], 4)
    ring.set(ring.register(one, taker, session))
    waiting = {who: ring.set(ring.register(one, who, session)).body["id"] for who in others}

    def levels() -> dict[str, int | None]:
        seen = {who: ring.set(one.call("registration", who, path={"id": id})) for who, id in waiting.items()}
        return {who: (it.body["priority"] or {}).get("level") for who, it in seen.items()}

    def ask(host: int) -> int:
        """Asks about all of the dealer's who wait, and answers about how many a rule gave no answer."""
        unanswered, more = 0, {}
        while True:
            heard = ring.set(one.call("ask_plugin_anew", keeper, path={"id": plugin}, query=more, body={}, host=host, once=True)).body
            unanswered += heard["unanswered"]
            if not heard["next"]:
                return unanswered
            more = {"cursor": heard["next"]}

    component = ring.set(upload(one, keeper, "trouble")).body["component"]
    body = {"component": component, "dealer": dealer, "settings": {"do": "to the front"}, "place": 1}
    plugin = ring.set(one.call("add_plugin", keeper, body=body, host=0)).body["id"]
    ring.set(one.call("activate_plugin", keeper, path={"id": plugin}, body={"reason": "ours first"}, host=0))
    ask(0)
    found += not_all(session, levels(), "after they were asked about")
    for host in range(many):
        ask(host)
        found += not_all(session, levels(), f"after host {host} was asked")
    now = ring.set(one.call("plugin", keeper, path={"id": plugin})).body["version"]
    ring.set(one.call("edit_plugin", keeper, path={"id": plugin}, body={"settings": {"do": "panic"}, "version": now}))
    ring.set(one.call("activate_plugin", keeper, path={"id": plugin}, body={"reason": "by mistake"}))
    for host in range(many):
        unanswered = ask(host)
        found += not_all(session, levels(), f"after host {host} was asked, where the rule panics")
        if unanswered < len(waiting):
            found.append(Finding("rules", plugin, f"host {host} says that the rule gave no answer about {unanswered}"))
    one.call("switch_off_plugin", keeper, path={"id": plugin}, body={"reason": "the end"})
    return found


def not_all(session: str, levels: dict[str, int | None], when: str) -> list[Finding]:
    """Those who are not where the rule has put them."""
    return [Finding("rules", session, f"{when} learner {who} has level {level}") for who, level in levels.items() if level != LEVEL]
