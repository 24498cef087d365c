"""Before the clients come: rules, blocks and the first registrations of the town, by REST, each of which must succeed.

Not here: the town itself (`town.py`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from .client import Client
from .hosts import Hosts
from .town import Town


def tokens(hosts: Hosts, town: Town, hours: int) -> dict[str, str]:
    """A token for everybody, made as an operator makes them."""
    people = [person["id"] for person in town.people]
    with ThreadPoolExecutor(2) as pool:
        made = pool.map(lambda person: hosts.run("token", "--person", person, "--hours", str(hours)), people)
        return dict(zip(people, made))


def rules(client: Client) -> None:
    """Short notice is possible for one course, approval needed for another, and a third has a dealer's cap."""
    for rule, course, value in (("registration-closes", "notice", 0), ("approval", "asked", 1), ("dealer-cap", "capped", 2)):
        _must(client.call("set_rule", client.town.admins[0], body={"rule": rule, "course": client.town.courses[course], "value": value}))


def settle_in(client: Client) -> None:
    """What the mix starts from: rules, seats that are set aside, and sessions that are full."""
    town, admin = client.town, client.town.admins[0]
    rules(client)
    for number, meeting in enumerate(one for one in town.meetings if one.kind == "blocks"):
        dealer = town.dealers[number % len(town.dealers)]
        _must(client.call("save_block", admin, path={"id": meeting.id, "dealer": dealer}, body={"seats": 2}))
    for meeting in town.meetings:
        if meeting.kind in ("running", "over", "roomy"):
            continue
        for learner in client.rng.sample(town.everybody, 5):
            client.call("register", learner, path={"id": meeting.id}, body={"on_full": "waitlist"})


def _must(answer) -> None:
    if not answer.ok:
        raise RuntimeError(f"the town cannot be settled: {answer.outcome} {answer.status} {answer.body}")
