"""Files that lie about what they are, or harm who reads them: each is told plainly, nothing is fetched, and the server goes on.

Prints TAP.
"""

import contextlib
import pathlib
import socket
import sys
import typing

import samples
from office import File, Office
from samples import named, picture

from harness.tap import Tap  # office made the harness known

EXECUTABLE = pathlib.Path(sys.executable).resolve().read_bytes()[:200_000]
WORD = samples.TYPES["docx"]

# File, what must be said of it: state, problem, and what its sentence says.
LIES: dict[str, tuple[File, str, str, str]] = {
    "a letter that is a program": (named("brev.docx", EXECUTABLE), "failed", "lies", f"{WORD}, but it is application/x-executable"),
    "a picture that is a program": (named("bild.png", EXECUTABLE), "failed", "lies", "image/png, but it is application/x-executable"),
    "a picture that is a web page": (named("bild.jpg", b"<!doctype html><script>1</script>"), "failed", "lies", "is text/html"),
    "a text that is a PDF": (named("text.txt", samples.PDF), "failed", "lies", "text/plain, but it is application/pdf"),
    "a PDF that is a text": (named("a.pdf", b"Hej"), "failed", "lies", "application/pdf, but it is text/plain"),
    "a picture of another kind": (named("bild.png", picture("JPEG")), "shown", "lies", "image/png, but it is image/jpeg"),
    "a letter cut off": (named("brev.docx", samples.docx("Hej")[:700]), "failed", "broken", "broken"),
    "a picture cut off": (named("bild.png", picture("PNG", "RGB", 999, 999)[:600]), "failed", "broken", "broken"),
    "a picture of 30000 × 30000": (named("bild.png", samples.picture_bomb(30000)), "failed", "pixels", "30000 × 30000"),
    "a letter that unpacks to a gigabyte": (named("brev.docx", samples.zip_bomb()), "failed", "unpacks", "unpacks"),
    "a text without end": (named("text.txt", b"Hej\n" * 200_000), "failed", "long", "too long"),
    "a drawing without end": (named("ritning.svg", samples.ENDLESS_SVG), "failed", "slow", "too long"),
}


class Listener:
    """Notices whoever comes."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def heard(self) -> bool:
        with contextlib.suppress(BlockingIOError):
            self.socket.accept()[0].close()
            return True
        return False


def report(record: dict, name: str) -> dict:
    n = next(file["n"] for file in record["files"] if file["name"] == name)
    return next(one for one in record["rendition_report"]["files"] if one["n"] == n)


def faults_of(office: Office, record: int, expected: tuple[File, str, str, str]) -> list[str]:
    file, state, problem, words = expected
    shown = office.settled(record)
    told = report(shown, file.name)
    faults = []
    if told["state"] != state or told["problem"] is None or told["problem"]["code"] != problem:
        faults.append(f"it is told as {told}")
    elif words not in told["problem"]["en"]:
        faults.append(f"it says: {told['problem']['en']}")
    wanted = "incomplete" if state == "failed" else "done"
    if shown["rendition"] != wanted:
        faults.append(f"the rendition is {shown['rendition']}")
    if not any(one["role"] == "rendition" and one["name"].startswith(shown["number"]) for one in shown["files"]):
        faults.append("the record itself has no readable copy")
    return faults


class Story:
    """Each method is one test; they run in this order on one server."""

    def __init__(self, office: Office, tap: Tap) -> None:
        self.office, self.tap = office, tap

    def lies(self) -> None:
        records = {name: self.office.lift(self.office.say_file(expected[0])) for name, expected in LIES.items()}
        for name, expected in LIES.items():
            self.tap.line(f"{name} is told", faults_of(self.office, records[name], expected))

    def calls(self) -> None:
        listener = Listener()
        files = [
            named("brev.docx", samples.calling_docx(listener.address)),
            named("brev.odt", samples.calling_odt(listener.address)),
            named("ritning.svg", samples.SVG.replace(b"<rect", f'<image href="{listener.address}/a.png"/><rect'.encode())),
        ]
        for file in files:
            shown = self.office.settled(self.office.lift(self.office.say_file(file)))
            told = report(shown, file.name)
            faults = ["it called"] if listener.heard() else []
            self.tap.line(f"{file.name} that wants pictures from elsewhere fetches none", faults or self.is_made(told))

    @staticmethod
    def is_made(told: dict) -> list[str]:
        return [] if told["state"] == "separate" else [f"it is told as {told}"]

    def goes_on(self) -> None:
        record = self.office.settled(self.office.lift(self.office.say_text("Allt är som förut.")))
        self.tap.line("the server goes on", [] if record["rendition"] == "done" else [record["rendition"]])

    def listed(self) -> None:
        lines = self.office.registrar.get("/_torg/v1/renditions?authority=KS")["lines"]
        expected = sum(state == "failed" for _, state, _, _ in LIES.values())
        wrong = [line for line in lines if line["rendition"] != "incomplete"]
        self.tap.line("what failed is listed", [f"{len(lines)} of {expected}"] if len(lines) != expected else wrong)

    def retried(self) -> None:
        file = named("brev.docx", EXECUTABLE)
        record = self.office.lift(self.office.say_file(file))
        before = self.office.settled(record)
        path = f"/_torg/v1/records/{record}/rendition"
        status, _ = self.office.officer.call("POST", path, {})
        asked = self.office.registrar.get(path, {}, "POST")
        after = self.office.settled(record)
        faults = [] if status == 403 else [f"an officer is answered {status}"]
        faults += [] if asked["rendition"] == "waiting" else [f"it is {asked['rendition']}"]
        # The same page, byte for byte, is the same file of the record.
        faults += [] if after["files"] == before["files"] else ["it has other files than before"]
        self.tap.line("a registrar asks for a readable copy again", faults)


def without_office(tap: Tap) -> None:
    office = Office("rendition_office=/nonexistent/soffice")
    try:
        record = office.lift(office.say_file(named("brev.docx", samples.docx("Hej"))))
        shown = office.settled(record)
        told = report(shown, "brev.docx")
        tap.line("without LibreOffice that is said", [] if told["problem"] and told["problem"]["code"] == "no_office" else [f"{told}"])
        office.restart_with("rendition_office=/usr/bin/soffice")
        made = office.settled_until(record, lambda one: one["rendition"] == "done")
        told = report(made, "brev.docx")
        tap.line("when it has come, the readable copy is completed", Story.is_made(told))
    finally:
        office.close()


def main() -> int:
    tap = Tap()
    office = Office()
    try:
        story = Story(office, tap)
        steps: list[typing.Callable[[], None]] = [story.lies, story.calls, story.goes_on, story.listed, story.retried]
        for step in steps:
            step()
    finally:
        office.close()
    without_office(tap)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
