"""A server whose PostgreSQL goes away: refuses what needs it and says why, and goes on by itself when it is back.

Prints TAP.
"""

import sys

from people import CLIENT, Officer, quoted, refusal  # first: it makes the harness known
from harness.postgresql import Cluster
from harness.tap import Tap
from harness.torg import Torg

TURNS = 20  # connections that were cut are found one by one


class Story:
    """Each method is one test; they run in this order."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.server = Torg("gone.example", [f"database={cluster.url}"])
        self.server.run("demo")
        self.server.start()
        self.maja = Officer(self.server)

    def refuses_sends(self) -> list[str]:
        """A send without a database is refused with a sentence that says so."""
        for _ in range(5):
            self.maja.send()
        self.cluster.stop()
        return [fault for _ in range(TURNS) for fault in refusal(*self.maja.send(), 503, "M_UNKNOWN")]

    def refuses_lifts(self) -> list[str]:
        """A lift is refused too."""
        return refusal(*self.maja.lift("while gone", self.maja.acknowledged["message 1"]), 503, "M_UNKNOWN")

    def refuses_reads(self) -> list[str]:
        """A read that needs the database is refused, one that doesn't is served."""
        page = f"{CLIENT}/rooms/{quoted(self.maja.room)}/messages?dir=f&limit=100"
        faults = [fault for _ in range(TURNS) for fault in refusal(*self.maja.connection.call("GET", page), 503, "M_UNKNOWN")]
        status = self.maja.connection.request("GET", "/_matrix/client/versions")[0]
        return faults + ([] if status == 200 else [f"versions is answered {status}"])

    def recovers(self) -> list[str]:
        """When it is back, reads and the same sends and lift succeed without a restart."""
        self.cluster.start()
        answers = [self.maja.send(body) for body in sorted(self.maja.refused)]
        answers.append(self.maja.lift("while gone", self.maja.acknowledged["message 1"]))
        faults = [f"answered {status}: {answer}" for status, answer in answers if status != 200]
        return faults + self.maja.reads() + self.maja.wrong_in_timeline()

    def keeps_everything(self) -> list[str]:
        """After a restart each acknowledged message is there once."""
        self.server.stop()
        self.server.start()
        self.maja.connection.close()
        return self.maja.wrong_in_timeline()


def main() -> int:
    cluster = Cluster()
    try:
        story = Story(cluster)
        try:
            return Tap().tell("no database", story, story.server.logged)
        finally:
            story.server.kill()
            story.server.remove()
    finally:
        cluster.remove()


if __name__ == "__main__":
    sys.exit(main())
