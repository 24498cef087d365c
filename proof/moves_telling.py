"""What a Cal.com would tell: webhooks about sessions, signed and not, once and again.

Not here: a Cal.com. Nobody is linked with one, so nothing over there is looked at; a host only finds that nothing is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timezone
from typing import Any

from .client import Client
from .moves import chance, move

SECRET = secrets.token_hex(32)

# What a host needs to listen. Nobody answers at the address, and nobody is asked there.
SETTINGS = {
    "ILT__CALCOM__URL": "http://127.0.0.1:9",
    "ILT__CALCOM__SECRET": secrets.token_hex(32),
    "ILT__CALCOM__WEBHOOKS_AT": "http://127.0.0.1:9",
    "ILT__CALCOM__WEBHOOK_SECRET": SECRET,
}


def _told(c: Client) -> dict[str, Any]:
    number, session = c.rng.getrandbits(40), c.rng.choice(c.shared.meetings).id
    return {
        "triggerEvent": c.rng.choice(["BOOKING_CREATED", "BOOKING_CANCELLED", "BOOKING_RESCHEDULED", "MEETING_ENDED"]),
        "createdAt": datetime.now(timezone.utc).isoformat(),
        "payload": {
            "uid": f"booking{number}",
            "type": f"ilt-{session}",
            "eventTypeId": number,
            "startTime": "2030-01-01T08:00:00Z",
            "attendees": [{"email": f"guest{number}@elsewhere.example"}],
        },
    }


@move("receive_webhook", 0.5)
def receive_webhook(c: Client) -> None:
    """One that is signed, mostly; now and then it comes twice."""
    body = _told(c)
    secret = SECRET if not chance(c.rng, 0.1) else "somebody else's"
    signature = hmac.new(secret.encode(), json.dumps(body).encode(), hashlib.sha256).hexdigest()
    for _ in range(2 if chance(c.rng, 0.1) else 1):
        c.call("receive_webhook", None, path={"instance": "calcom"}, body=body, headers=(("X-Cal-Signature-256", signature),))
