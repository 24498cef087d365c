"""What a client has sent."""

from __future__ import annotations

from fastapi import Request


async def gathered(request: Request, most: int) -> bytes:
    """The body; of one that has more bytes than `most` only so much that this can be seen."""
    sent = bytearray()
    async for piece in request.stream():
        sent += piece
        if len(sent) > most:
            break
    return bytes(sent)
