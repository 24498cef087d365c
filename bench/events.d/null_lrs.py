"""A record store that takes everything and keeps nothing: for measuring whoever sends."""

import asyncio
import sys

ANSWER = b"HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n"


class Null(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport, self.left, self.head = transport, 0, b""

    def data_received(self, data):
        while data:
            if self.left:
                taken = min(self.left, len(data))
                self.left, data = self.left - taken, data[taken:]
                if not self.left:
                    self.transport.write(ANSWER)
                continue
            self.head += data
            end = self.head.find(b"\r\n\r\n")
            if end < 0:
                return
            data, head, self.head = self.head[end + 4 :], self.head[:end].lower(), b""
            self.left = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            if not self.left:
                self.transport.write(ANSWER)


async def main():
    server = await asyncio.get_running_loop().create_server(Null, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


sys.exit(asyncio.run(main()))
