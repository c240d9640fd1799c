"""Clients in a process of their own, so that they never wait for the measuring one: `python -m bench.client`.

Reads {"port", "seconds", "clients": [{"path", "cookie", "fields" or null, "revision"}]} as JSON, has each
client ask again as soon as it is answered, and prints {"rate", "revisions"}. Plain sockets and ready-made
bytes: what the client spends of the processor, the server cannot.
"""

import json
import socket
import sys
import threading
import time
from urllib.parse import urlencode

HOST = "127.0.0.1"


class Client(threading.Thread):
    """A GET without `fields`, otherwise a POST of them with the next revision each time."""

    def __init__(self, port: int, start: threading.Barrier, seconds: float, plan: dict):
        super().__init__(daemon=True)
        self.port, self.start_line, self.seconds, self.plan = port, start, seconds, plan
        self.fields, self.revision = plan["fields"], plan["revision"]
        self.status = b" 200 " if self.fields is None else b" 302 "
        self.count, self.took, self.error = 0, 0.0, ""

    def run(self) -> None:
        try:
            with socket.create_connection((HOST, self.port), timeout=30) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.start_line.wait()
                self._ask_again_and_again(connection)
        except (OSError, ValueError, threading.BrokenBarrierError) as error:
            self.error = repr(error)
            self.start_line.abort()

    def _ask_again_and_again(self, connection: socket.socket) -> None:
        began = time.perf_counter()
        while self.took < self.seconds:
            connection.sendall(self._request())
            answer = receive(connection)
            if self.status not in answer.split(b"\r\n", 1)[0]:
                raise ValueError(answer[:200])
            self.revision += 1
            self.count += 1
            self.took = time.perf_counter() - began

    def _request(self) -> bytes:
        head = f"{self.plan['path']} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.plan['cookie']}\r\n"
        if self.fields is None:
            return f"GET {head}\r\n".encode()
        body = urlencode(self.fields | {"revision": self.revision}, doseq=True).encode()
        kind = "Content-Type: application/x-www-form-urlencoded"
        return f"POST {head}{kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def receive(connection: socket.socket) -> bytes:
    """One whole answer. Django gives the length of every page that is not streamed."""
    answer = bytearray()
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _some(connection)
    head = bytes(answer[:end]).lower()
    length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
    while len(answer) < end + 4 + length:
        answer += _some(connection)
    return bytes(answer)


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("closed by the server")
    return received


def main() -> int:
    plan = json.load(sys.stdin)
    start = threading.Barrier(len(plan["clients"]))
    clients = [Client(plan["port"], start, plan["seconds"], one) for one in plan["clients"]]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    errors = [client.error for client in clients if client.error]
    if errors:
        print("\n".join(errors), file=sys.stderr)
        return 1
    rate = sum(client.count / client.took for client in clients)
    print(json.dumps({"rate": rate, "revisions": [client.revision for client in clients]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
