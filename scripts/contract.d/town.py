"""A small town for those who try the contract: one course, a class that is full, others to take instead, and people of two roles.

Takes the address of a host and the token of an admin, and prints as JSON what the others need. Only Python's own library.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any


class Town:
    """Builds through the front door, like any other client."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base, token

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the host answers; a refusal ends it all."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.base + path, data, headers, method=method)) as answer:
            return json.load(answer)

    def person(self, name: str, role: str, dealer: str) -> str:
        """Somebody who works for the dealer."""
        mail = f"{name.replace(' ', '.').lower()}@dealer.example"
        grants = [{"role": role, "dealer": dealer}]
        body = {"name": name, "email": mail, "dealer": dealer, "roles": grants, "zone": "Europe/Berlin"}
        return self.ask("POST", "/v1/people", body)["id"]

    def session(self, course: str, location: str, days: int, capacity: int) -> str:
        """A session so many days from now, open to learners."""
        day = (datetime.now(UTC) + timedelta(days=days)).date()
        parts = [{"starts": f"{day}T09:00", "length": "PT6H"}]
        plan = {"course": course, "location": location, "parts": parts, "capacity": capacity}
        session = self.ask("POST", "/v1/sessions", plan)["id"]
        self.ask("POST", f"/v1/sessions/{session}/publish", {})
        return session


def main() -> None:
    town = Town(sys.argv[1], sys.argv[2])
    dealer = town.ask("GET", "/v1/me")["dealer"]
    centres = [("Köln", 50.94, 6.96), ("Hamburg", 53.55, 9.99), ("Berlin", 52.52, 13.40)]
    places = [
        town.ask("POST", "/v1/locations", {"name": f"Centre {city}", "city": city, "lat": lat, "lon": lon, "zone": "Europe/Berlin"})["id"]
        for city, lat, lon in centres
    ]
    course = town.ask("POST", "/v1/courses", {"title": "Brakes", "programme_type": "compliance", "length": "PT6H", "topics": ["brakes"]})["id"]
    full = town.session(course, places[0], 30, 2)
    for day, place in enumerate(places * 2):
        town.session(course, place, 40 + day, 12)
    learners = [town.person(name, "learner", dealer) for name in ("Ada First", "Ben Second", "Cem Third", "Dana Fourth", "Eva Fifth")]
    for learner in learners[:2]:
        town.ask("POST", f"/v1/sessions/{full}/registrations", {"learner": learner})
    print(json.dumps({"course": course, "full": full, "learners": learners}))


main()
