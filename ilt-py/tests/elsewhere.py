"""Another service that knows what people completed, and may be out of order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Service:
    """Answers what it is told to, or does not answer at all."""

    port: int = 0
    completed: list[dict[str, str]] | None = None
    """What it knows; it is out of order when there is nothing."""
    hangs: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def evidence(self) -> dict[str, str]:
        """How an engine is told of it."""
        return {"from": "service", "service": f"http://127.0.0.1:{self.port}/completed"}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length:")[1].split()[0])
        self.asked.append(json.loads(await reader.readexactly(length)))
        if self.hangs:
            await self.over.wait()
        else:
            status = "500 Out of order" if self.completed is None else "200 OK"
            body = json.dumps({"completed": self.completed or []}).encode()
            writer.write(f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(service: Service) -> AsyncIterator[Service]:
    """It, for as long as it is asked."""
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    async with server:
        yield service
        service.over.set()
