"""A mail server of one's own: real sockets, and answers that a test can choose."""

import contextlib
import socketserver
import threading
from email import message_from_bytes
from email.message import Message


class Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: "SmtpServer"

    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline():
            command = line[:4].decode("ascii", "replace").upper().strip()
            self.server.commands.append(line.decode("utf-8", "replace").strip())
            refused = self.server.answers.get(command, "")
            if refused:
                self.say(refused)
            elif command == "DATA":
                self.say("354 go on")
                self.take()
            elif command == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")

    def take(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.before_accepting()
        refused = self.server.answers.get("END", "")
        if not refused:
            self.server.received.append(message_from_bytes(b"".join(lines)))
        self.say(refused or "250 taken")

    def say(self, answer: str):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(f"{answer}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0):
        super().__init__(("127.0.0.1", port), Session)
        self.answers: dict[str, str] = {}  # to a command that is refused: {"RCPT": "550 no"}
        self.received: list[Message] = []
        self.commands: list[str] = []
        self.before_accepting = lambda: None

    def handle_error(self, request, client_address):
        """A connection that ends badly is what some tests want; no news."""

    @property
    def port(self) -> int:
        return self.server_address[1]


@contextlib.contextmanager
def running(port: int = 0):
    with SmtpServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
