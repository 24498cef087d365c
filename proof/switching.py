"""Two editions of a dealer's own rules take turns while hosts die: one of them counts at every moment, on every host, and never none.

What counts is seen where learners see it, in the alternatives that they are shown, and not in what the plugin's own page says.

Not here: rules that misbehave (`moves_ruling.py`).
"""

from __future__ import annotations

import threading
import time

from .findings import Finding
from .hosts import Hosts
from .moves_ruling import upload
from .races import Ring

# How the reason ends that the troublemaker has for the best candidate, by what it is told to do.
SAYS = {"first": "First.", "markup": "Near."}


class Scene:
    """A full session that a learner of the dealer looks at, and a plugin with two editions."""

    def __init__(self, ring: Ring) -> None:
        self.ring, self.one, town = ring, ring.one, ring.shared.town
        self.dealer = town.dealers[0]
        self.keeper = town.dealer_admins[self.dealer]
        self.session = ring.session(1)
        for _ in range(2):
            ring.session(3)
        taker, self.learner = self.one.rng.sample(town.learners[self.dealer], 2)
        ring.set(ring.register(self.one, taker, self.session))
        component = ring.set(upload(self.one, self.keeper, "trouble")).body["component"]
        body = {"component": component, "dealer": self.dealer, "settings": {"do": "first"}, "place": 1}
        self.plugin = ring.set(self.one.call("add_plugin", self.keeper, body=body)).body["id"]
        ring.set(self.one.call("edit_plugin", self.keeper, path={"id": self.plugin}, body={"settings": {"do": "markup"}, "version": 1}))
        # Which edition was asked for with which reason; and which one was said to count in which version.
        self.asked: dict[str, int] = {}
        self.heard: dict[int, int] = {}

    def activate(self, edition: int, reason: str) -> bool:
        """Whether it was answered with a yes. Of one that counts already nothing is written down, and the version stays."""
        self.asked[reason] = edition
        body = {"edition": edition, "reason": reason}
        answer = self.one.call("activate_plugin", self.keeper, path={"id": self.plugin}, body=body, once=True)
        if answer.ok:
            self.heard[answer.body["version"]] = edition
        return answer.ok

    def counts(self, host: int) -> set[int] | None:
        """The editions that speak in what a learner is shown by a host; nothing when it does not answer."""
        for _ in range(3):
            seen = self.one.call("alternatives", self.learner, path={"id": self.session}, host=host)
            if not seen.ok:
                return None
            reasons = {said["reason"] for one in seen.body["items"] for said in one["adjustments"]}
            if reasons:
                break
        return {number for number, says in enumerate(SAYS.values(), 1) if any(it.endswith(says) for it in reasons)}


def activations(ring: Ring, hosts: Hosts, times: int = 4) -> list[Finding]:
    """Activations through any host; in the middle of each turn one host is killed."""
    scene = Scene(ring)
    scene.activate(1, "to begin with")
    found, many = [], len(hosts.ports)
    for turn in range(times):
        victim = turn % many
        killer = threading.Timer(scene.one.rng.uniform(0, 0.1), hosts.kill, (victim,))
        killer.start()
        for number in range(8):
            reason, edition = f"turn {turn}, {number}", 1 + number % 2
            scene.activate(edition, reason)
            found += _one_of_both(scene, [host for host in range(many) if host != victim])
        killer.join()
        hosts.start(victim)
        hosts.wait_ready(victim, 60)
        ring.forget()
        found += _one_of_both(scene, list(range(many)))
        if scene.activate(1 + turn % 2, f"turn {turn}, at the end"):
            time.sleep(1)
            found += [
                Finding("rules", scene.plugin, f"a second after edition {1 + turn % 2} was activated, host {host} still has {seen}")
                for host in range(many)
                if (seen := scene.counts(host)) not in (None, {1 + turn % 2})
            ]
    history = ring.set(scene.one.call("plugin_history", scene.keeper, path={"id": scene.plugin})).body["items"]
    found += not_kept(scene.plugin, scene.heard, [scene.asked.get(step["why"]) for step in reversed(history)])
    off = scene.one.call("switch_off_plugin", scene.keeper, path={"id": scene.plugin}, body={"reason": "the end"})
    return found + ([] if off.ok else [Finding("rules", scene.plugin, f"it cannot be switched off: {off.status} {off.code}")])


def _one_of_both(scene: Scene, hosts: list[int]) -> list[Finding]:
    return not_one(scene.plugin, {host: scene.counts(host) for host in hosts})


def not_kept(plugin: str, heard: dict[int, int], activated: list[int | None]) -> list[Finding]:
    """What was answered with a yes and is not what the history tells, whose steps are the versions in their order."""
    told = dict(enumerate(activated, 1))
    lost = {version: edition for version, edition in heard.items() if told.get(version) != edition}
    return [Finding("lost", plugin, f"edition {edition} was said to count in version {version}, and the history has {told.get(version)}") for version, edition in lost.items()]


def not_one(plugin: str, seen: dict[int, set[int] | None]) -> list[Finding]:
    """Hosts on which no edition counts, or both do, of those that answered."""
    wrong = {host: editions for host, editions in seen.items() if editions is not None and len(editions) != 1}
    return [Finding("rules", plugin, f"on host {host} the editions {editions or 'none'} count") for host, editions in wrong.items()]
