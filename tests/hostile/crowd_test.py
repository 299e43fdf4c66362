"""Ten thousand idle connections, clients that are slow on purpose, and more connections than there is room for.

Prints TAP, and what an idle connection costs in memory.
"""

import pathlib
import re
import resource
import socket
import sys

from people import CLIENT, Officer  # first: it makes the harness known
from harness.tap import Tap
from harness.torg import Torg

IDLE = 10_000
SLOW = 500  # of each kind
ROOM_FOR = 300
DESCRIPTORS = 400
SOFT_LIMIT = 1024  # what a login shell gives; the server takes the hard limit
MOST_KIB_EACH = 64  # of memory, for a connection that does nothing good; idle ones take far less
VERSIONS = b"GET /_matrix/client/versions HTTP/1.1\r\nHost: crowd.example\r\n\r\n"
ANSWER_LIMIT_S = 60


def connect(server: Torg) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), ANSWER_LIMIT_S)


def answer(client: socket.socket, request: bytes = VERSIONS) -> bytes:
    """What is answered to a request; nothing when the connection was cut or there is no answer."""
    try:
        client.sendall(request)
        return receive(client)
    except (ConnectionError, TimeoutError):
        return b""


def receive(client: socket.socket) -> bytes:
    """One whole answer with a known length, or what came of it."""
    got = b""
    while (end := got.find(b"\r\n\r\n")) < 0 or len(got) < end + 4 + int(re.search(rb"(?i)content-length: (\d+)", got)[1]):
        part = client.recv(65536)
        if not part:
            break
        got += part
    return got


def status(text: bytes) -> int:
    return int(text[9:12] or 0)


def memory_kib(server: Torg) -> int:
    rollup = pathlib.Path(f"/proc/{server.process.pid}/smaps_rollup").read_text(encoding="utf-8")
    return int(re.search(r"Pss:\s+(\d+)", rollup)[1])


def served(officer: Officer) -> list[str]:
    """Faults in what an ordinary client gets, also over a new connection."""
    officer.connection.close()
    answers = [officer.send(), officer.upload(100_000)]
    answers += [(officer.download(answers[1][1].get("content_uri", "")), {})]
    faults = [f"answered {status}: {text}" for status, text in answers if status != 200]
    return faults + officer.reads() + officer.wrong_in_timeline()


class Story:
    """Each method is one test; they run in this order on one server, each with new connections."""

    def __init__(self) -> None:
        self.server = Torg("crowd.example", prefix=("prlimit", f"--nofile={SOFT_LIMIT}:"))
        self.server.run("demo")
        self.server.start()
        self.maja = Officer(self.server)
        self.idle: list[socket.socket] = []

    def serves_beside_the_idle(self) -> list[str]:
        """With 10,000 idle connections, an ordinary client is served."""
        served(self.maja)
        before = memory_kib(self.server)
        self.idle = [connect(self.server) for _ in range(IDLE)]
        wrong = [text for client in self.idle if status(text := answer(client)) != 200]
        each = (memory_kib(self.server) - before) / IDLE
        print(f"# an idle connection takes {each:.1f} KiB of the server's memory (PSS)")
        return [f"{len(wrong)} of {IDLE} connections are not served: {wrong[0]!r}"] if wrong else served(self.maja)

    def serves_the_idle(self) -> list[str]:
        """Each of the 10,000 is served when it asks again."""
        wrong = [client for client in self.idle if status(answer(client)) != 200]
        return [f"{len(wrong)} are not served"] if wrong else []

    def serves_beside_the_slow(self) -> list[str]:
        """Beside half-sent headers, bodies that never come and clients that never read, one is served, and memory is bounded."""
        for client in self.idle:
            client.close()
        before = memory_kib(self.server)
        self.slow = self._half_sent(b"GET /_matrix/client/versions HTTP/1.1\r\nHost: cr")
        head = f"PUT {CLIENT}/rooms/x/send/m.room.message/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.maja.connection.token}\r\n"
        self.rest = self._half_sent(f"{head}Content-Length: 60000\r\n\r\n{{".encode())
        uri = self.maja.upload(5_000_000)[1]["content_uri"].removeprefix("mxc://")
        token = f"Host: x\r\nAuthorization: Bearer {self.maja.connection.token}\r\n\r\n"
        for path in (f"{CLIENT}/sync", f"/_matrix/client/v1/media/download/{uri}"):
            self.rest += self._half_sent(f"GET {path} HTTP/1.1\r\n{token}".encode() * 20)
        faults = served(self.maja)
        each = (memory_kib(self.server) - before) / (len(self.slow) + len(self.rest))
        print(f"# a slow connection takes {each:.1f} KiB of the server's memory (PSS)")
        return faults + ([f"{each:.0f} KiB each"] if each > MOST_KIB_EACH else [])

    def _half_sent(self, text: bytes) -> list[socket.socket]:
        clients = [connect(self.server) for _ in range(SLOW)]
        for client in clients:
            client.sendall(text)
        return clients

    def closes_the_slow(self) -> list[str]:
        """Connections whose headers never end are closed."""
        wrong = [got for client in self.slow if status(got := receive(client)) not in (0, 408)]
        for client in self.rest:
            client.close()
        return [f"{len(wrong)} are answered {wrong[0]!r}"] if wrong else []


def over_the_limit(tap: Tap, what: str, settings: list[str], prefix: tuple[str, ...]) -> None:
    """More connections than there is room for."""
    server = Torg("crowd.example", settings, prefix=prefix)
    try:
        server.run("demo")
        server.start()
        maja = Officer(server)
        clients: list[socket.socket] = []
        while status(text := answer(client := connect(server))) == 200 and len(clients) < 2 * DESCRIPTORS:
            clients.append(client)
        clear = status(text) == 503 and b"M_UNKNOWN" in text and b"too many connections" in text
        tap.line(f"{what}: connection {len(clients) + 2} is refused with a sentence", [] if clear else [repr(text)])
        kept = [maja.connection.call("GET", f"{CLIENT}/sync")[0], *(status(answer(client)) for client in clients)]
        tap.line(f"{what}: those that are there are served", [f"answered {code}" for code in kept if code != 200])
        upload = maja.upload(100_000)
        got = maja.download(upload[1].get("content_uri", ""))
        tap.line(f"{what}: they store and read files", [] if upload[0] == got == 200 else [f"{upload}, {got}"])
        for client in clients:
            client.close()
        tap.line(f"{what}: when they have left, others are served", served(maja))
        if tap.failed:
            print("#", server.logged()[-2000:].replace("\n", "\n# "))
    finally:
        server.kill()
        server.remove()


def main() -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    tap = Tap()
    over_the_limit(tap, f"room for {ROOM_FOR}", [f"connections={ROOM_FOR}"], ())
    over_the_limit(tap, f"{DESCRIPTORS} descriptors", [], ("prlimit", f"--nofile={DESCRIPTORS}"))
    if hard < IDLE + 1000:
        tap.skip(f"{IDLE} idle connections", f"only {hard} descriptors are allowed here")
        return tap.end()
    story = Story()
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        return tap.tell("crowd", story, story.server.logged)
    finally:
        story.server.kill()
        story.server.remove()


if __name__ == "__main__":
    sys.exit(main())
