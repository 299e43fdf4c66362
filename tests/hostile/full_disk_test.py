"""A server whose disk is full: refuses writes and says why, serves reads, and goes on by itself when there is room.

Prints TAP. The disk is a small tmpfs, mounted where only this program sees it; skipped where the system forbids that.
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

from people import Officer, refusal  # first: it makes the harness known
from harness.tap import Tap
from harness.torg import BINARY, Torg

DISK_MIB = 64
MOST_SENDS = 20_000  # what is written before a full disk is felt is far less
ERRCODE = "ORG.TORG.STORAGE_FULL"
OWN_MOUNTS = "TORG_TEST_HAS_OWN_MOUNTS"
UNSHARE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def fill(disk: str) -> str:
    """Takes all that is free. @return the file that does"""
    path = f"{disk}/filling"
    with open(path, "wb", buffering=0) as out, contextlib.suppress(OSError):
        while True:
            out.write(b"\0" * 4096)
    return path


class Story:
    """Each method is one test; they run in this order."""

    def __init__(self, disk: str) -> None:
        self.disk = disk
        self.server = Torg("full.example", folder=disk)
        self.server.run("demo")
        self.server.start()
        self.maja = Officer(self.server)
        self.filling = ""
        self.media = ""

    def begins_with_room(self) -> list[str]:
        """What is written while there is room is acknowledged."""
        for _ in range(5):
            self.maja.send()
        status, answer = self.maja.upload(100_000)
        self.media = answer.get("content_uri", "")
        lifted = self.maja.lift("before", self.maja.acknowledged["message 1"])
        return [str(answer) for answer in ((status, answer), lifted) if answer[0] != 200]

    def refuses_sends(self) -> list[str]:
        """A send on a full disk is refused with a sentence that says so."""
        self.filling = fill(self.disk)
        for _ in range(MOST_SENDS):
            status, answer = self.maja.send()
            if status != 200:
                return refusal(status, answer, 507, ERRCODE)
        return [f"{MOST_SENDS} sends were acknowledged"]

    def refuses_uploads(self) -> list[str]:
        """An upload is refused too, large or small."""
        return [fault for size in (5_000_000, 100) for fault in refusal(*self.maja.upload(size), 507, ERRCODE)]

    def refuses_lifts(self) -> list[str]:
        """A lift is refused too."""
        return refusal(*self.maja.lift("while full", self.maja.acknowledged["message 2"]), 507, ERRCODE)

    def serves_reads(self) -> list[str]:
        """Sync, history, media, cases and the public register are served all the while."""
        status = self.maja.download(self.media)
        return self.maja.reads() + ([] if status == 200 else [f"media is answered {status}"])

    def shows_nothing_refused(self) -> list[str]:
        """What was refused is not shown, what was acknowledged is."""
        return self.maja.wrong_in_timeline()

    def starts_full(self) -> list[str]:
        """Killed and started on the full disk, the server serves reads and still refuses sends."""
        self.server.kill()
        self.server.start()
        self.maja.connection.close()
        return self.maja.reads() + self.maja.wrong_in_timeline() + refusal(*self.maja.send(), 507, ERRCODE)

    def recovers(self) -> list[str]:
        """With room again, the same requests succeed without a restart."""
        os.remove(self.filling)
        answers = [self.maja.send(body) for body in sorted(self.maja.refused)]
        answers += [self.maja.send(), self.maja.upload(5_000_000), self.maja.lift("while full", self.maja.acknowledged["message 2"])]
        return [f"answered {status}: {answer}" for status, answer in answers if status != 200]

    def keeps_everything(self) -> list[str]:
        """After a restart each acknowledged message is there once, and the log verifies."""
        self.server.stop()
        verified = subprocess.run([BINARY, "verify", "--register", self.server.export_register()], check=False, capture_output=True, text=True)
        self.server.start()
        self.maja.connection.close()
        return self.maja.wrong_in_timeline() + ([verified.stdout] if verified.returncode else [])


def tell(disk: str) -> int:
    story = Story(disk)
    try:
        return Tap().tell("full disk", story, story.server.logged)
    finally:
        story.server.kill()


def main() -> int:
    if OWN_MOUNTS in os.environ:
        with tempfile.TemporaryDirectory(prefix="torg-full-") as disk:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MIB}m", "tmpfs", disk], check=True)
            try:
                return tell(disk)
            finally:
                subprocess.run(["umount", disk], check=False)
    if subprocess.run([*UNSHARE, "true"], check=False, capture_output=True).returncode:
        tap = Tap()
        tap.skip("full disk", "a small disk can't be mounted here: needs root or user namespaces")
        return tap.end()
    command = [*UNSHARE, sys.executable, str(pathlib.Path(__file__).resolve())]
    return subprocess.run(command, check=False, env={**os.environ, OWN_MOUNTS: "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
