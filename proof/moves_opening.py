"""What opens the host besides a token: keys of other systems, sign-ins, and who looks things up in the journal.

Not here: signing in itself, which needs a demo (`ilt-host/tests/rest/signing_in.rs`).
"""

from __future__ import annotations

from .client import Client
from .moves import chance, move


def _owner(c: Client) -> tuple[str, str]:
    """Somebody, and who asks about them: they themselves, or an admin."""
    person = c.learner()
    return person, c.admin() if chance(c.rng, 0.3) else person


@move("make_api_key", 0.5)
def make_api_key(c: Client) -> None:
    """One that ends soon; mostly ended at once, so that there is room for others."""
    person, who = _owner(c)
    body = {"name": "a shop's calendar", "scopes": c.rng.choice([["sessions:read"], ["registrations", "sessions"]]), "days": 1}
    made = c.call("make_api_key", who, path={"id": person}, body=body)
    if made.ok and chance(c.rng, 0.8):
        c.call("end_api_key", who, path={"id": person, "api_key": made.body["id"]})


@move("end_api_key", 0.3)
def end_api_key(c: Client) -> None:
    """Whichever is listed first."""
    person, who = _owner(c)
    listed = c.call("api_keys", who, path={"id": person})
    if listed.ok and listed.body["items"]:
        c.call("end_api_key", who, path={"id": person, "api_key": listed.body["items"][0]["id"]})


@move("api_keys", 0.3)
def api_keys(c: Client) -> None:
    """Somebody's."""
    person, who = _owner(c)
    c.call("api_keys", who, path={"id": person})


@move("sign_ins", 0.3)
def sign_ins(c: Client) -> None:
    """Where somebody is signed in."""
    person, who = _owner(c)
    c.call("sign_ins", who, path={"id": person})


@move("end_sign_ins", 0.3)
def end_sign_ins(c: Client) -> None:
    """Everywhere."""
    person, who = _owner(c)
    c.call("end_sign_ins", who, path={"id": person})


@move("end_sign_in", 0.3)
def end_sign_in(c: Client) -> None:
    """One that has ended, or never began."""
    person, who = _owner(c)
    c.call("end_sign_in", who, path={"id": person, "sign_in": person})


@move("sign_out", 0.3)
def sign_out(c: Client) -> None:
    """Whoever came with a token stays who they are."""
    c.call("sign_out", c.learner())


@move("ways_in", 0.3)
def ways_in(c: Client) -> None:
    """How one could sign in."""
    c.call("ways_in", None)


@move("journal", 1)
def journal(c: Client) -> None:
    """What happened to a session or a person, or last of all, one page after the other."""
    query = c.rng.choice([{}, {"session": c.meeting().id}, {"learner": c.learner(), "what": "registration"}, {"by": "system:timer"}])
    page = c.call("journal", c.admin(), query={**query, "limit": 20})
    if page.ok and page.body.get("next"):
        c.call("journal", c.admin(), query={**query, "limit": 20, "cursor": page.body["next"]})
