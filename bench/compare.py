"""Measures Torg and Synapse in turn on this machine and prints one Markdown table.

usage: compare.py [--only torg|synapse] [--seconds N] [--rooms N] [--many N] [--large] [--long]

Each server runs on one set of cores and the load generator on the other. Every figure is the server's, CPU time of all
its threads, unless it says otherwise. The servers are restarted between phases, so that files can be measured at rest.
"""

import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "bench"
LOAD = ROOT / "build" / "release" / "torg_load"
SECRET = "only-for-the-bench"
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORES = CORES[: max(1, len(CORES) // 2)]
LOAD_CORES = CORES[len(SERVER_CORES) :] or CORES


class Torg:
    name = "Torg"
    program = ROOT / "build" / "release" / "torg"

    def command(self, data: pathlib.Path, port: int) -> list[str]:
        return [str(self.program), "serve", "--listen", f"http://127.0.0.1:{port}", *self.options(data)]

    def make_demo(self, data: pathlib.Path) -> None:
        subprocess.run([str(self.program), "demo", *self.options(data)], check=True, stdout=subprocess.DEVNULL)

    def options(self, data: pathlib.Path) -> list[str]:
        cheap_passwords = {"password_memory_kib": "64", "password_operations": "1"}
        settings = {"registration_shared_secret": SECRET, "rate_limits": "off", **cheap_passwords}
        words = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        return ["--data", str(data), "--server-name", "bench", *words]


class Synapse:
    name = "Synapse"
    python = WORK / "venv" / "bin" / "python"

    def command(self, data: pathlib.Path, port: int) -> list[str]:
        config = data / "homeserver.json"  # JSON is YAML
        if not config.exists():
            config.write_text(json.dumps(self.settings(data, port)))
            generate = [str(self.python), "-m", "synapse.app.homeserver", "-c", str(config), "--generate-keys"]
            subprocess.run(generate, check=True, stdout=subprocess.DEVNULL)
        settings = json.loads(config.read_text())
        settings["listeners"][0]["port"] = port
        config.write_text(json.dumps(settings))
        return [str(self.python), "-m", "synapse.app.homeserver", "-c", str(config)]

    def settings(self, data: pathlib.Path, port: int) -> dict:
        """Its defaults, but: no limits, no federation, cheap passwords, no statistics, larger caches as its guide advises."""
        unlimited = {"per_second": 1e6, "burst_count": 1_000_000}
        by_address = {"address": unlimited, "account": unlimited, "failed_attempts": unlimited}
        (data / "log.json").write_text(json.dumps({"version": 1, "root": {"level": "ERROR"}}))
        return {
            "server_name": "bench",
            "pid_file": str(data / "pid"),
            "listeners": [
                {"port": port, "type": "http", "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
            ],
            "database": {"name": "sqlite3", "args": {"database": str(data / "homeserver.db")}},
            "log_config": str(data / "log.json"),
            "media_store_path": str(data / "media"),
            "signing_key_path": str(data / "signing.key"),
            "registration_shared_secret": SECRET,
            "report_stats": False,
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "presence": {"enabled": False},
            "bcrypt_rounds": 4,
            "caches": {"global_factor": 2.0},
            "rc_message": unlimited,
            "rc_registration": unlimited,
            "rc_login": by_address,
            "rc_joins": {"local": unlimited, "remote": unlimited},
            "rc_joins_per_room": unlimited,
            "rc_room_creation": unlimited,
            "rc_invites": {"per_room": unlimited, "per_user": unlimited, "per_issuer": unlimited},
        }


class Running:
    """A started server; `first_answer` is the seconds from its start to its first answer."""

    def __init__(self, server: Torg | Synapse, data: pathlib.Path):
        self.port = free_port()
        command = server.command(data, self.port)
        with (data.parent / f"{server.name.lower()}.log").open("ab") as log:
            begin = time.monotonic()
            self.process = subprocess.Popen(
                ["taskset", "-c", ",".join(map(str, SERVER_CORES)), *command], stdout=log, stderr=log
            )
        while not answers(self.port):
            if self.process.poll() is not None or time.monotonic() - begin > 60:
                raise SystemExit(f"{server.name} did not start: see {log.name}")
            time.sleep(0.002)
        self.first_answer = time.monotonic() - begin

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def pss_mib(self) -> float:
        text = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_matrix/client/versions", timeout=5).read()
        return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def bytes_on_disk(data: pathlib.Path) -> int:
    """Of a stopped server, with the write-ahead log of its database folded in."""
    for database in data.glob("*.db"):
        with contextlib.closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return sum(file.stat().st_blocks * 512 for file in data.rglob("*") if file.is_file())


def index_bytes(data: pathlib.Path) -> int:
    """Of the full-text index of a stopped Torg."""
    with contextlib.closing(sqlite3.connect(data / "torg.db")) as connection:
        pages = "SELECT SUM(LENGTH(block)) FROM search_text_data"
        return connection.execute(pages).fetchone()[0]


class Bench:
    """All phases against one server, in a fresh data directory."""

    def __init__(self, server: Torg | Synapse, options: argparse.Namespace):
        self.server, self.options = server, options
        self.folder = WORK / server.name.lower()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.data = self.folder / "data"
        self.data.mkdir(parents=True)
        self.found: dict[str, dict] = {}

    def load(self, running: Running, phase: str, *more: str) -> None:
        command = ["taskset", "-c", ",".join(map(str, LOAD_CORES)), str(LOAD), phase, "--port", str(running.port)]
        command += ["--pid", str(running.process.pid), "--state", str(self.folder / "world.json"), "--secret", SECRET]
        command += ["--seconds", str(self.options.seconds), *more]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            self.note(phase, {"failed": True})
            return
        for line in done.stdout.splitlines():
            finding = json.loads(line)
            self.found.setdefault(finding["name"], finding)
            print(f"  {self.server.name}: {line}", file=sys.stderr, flush=True)

    def note(self, name: str, finding: dict) -> None:
        self.found[name] = finding
        print(f"  {self.server.name}: {name} {finding}", file=sys.stderr, flush=True)

    def run(self) -> dict[str, dict]:
        Running(self.server, self.data).stop()  # makes the database: its creation is no start
        idle = self.idle()
        self.load(idle, "prepare")
        idle.stop()
        self.sends()
        self.rooms_and_syncs()
        self.cold_sync()
        if isinstance(self.server, Torg):
            self.demo("lifts")
            if self.options.large:
                self.demo("queue")
                self.large()
        return self.found

    def large(self) -> None:
        """Each on a data directory of its own."""
        for phase in ("search", "history", "idle", "crowd"):
            data = self.folder / phase
            data.mkdir()
            running = Running(self.server, data)
            self.load(running, phase)
            running.stop()
            if phase == "search":
                self.note("search_index", {"bytes": index_bytes(data) / self.found["search_fill"]["count"]})

    def idle(self) -> Running:
        running = Running(self.server, self.data)
        time.sleep(2)
        self.note("start", {"seconds": running.first_answer})
        self.note("pss_idle", {"mib": running.pss_mib()})
        return running

    def sends(self) -> None:
        before = bytes_on_disk(self.data)
        running = Running(self.server, self.data)
        self.load(running, "sends")
        running.stop()
        messages = sum(finding["count"] for name, finding in self.found.items() if name.startswith("send_"))
        self.note("disk", {"bytes": (bytes_on_disk(self.data) - before) / max(messages, 1)})

    def rooms_and_syncs(self) -> None:
        running = Running(self.server, self.data)
        self.load(running, "joins")
        self.load(running, "creation", "--rooms", str(self.options.rooms))
        self.load(running, "delivery")
        self.load(running, "syncs")
        self.load(running, "thumbnails")
        self.load(running, "sliding_polls")
        self.note("pss_after", {"mib": running.pss_mib()})
        running.stop()

    def cold_sync(self) -> None:
        running = Running(self.server, self.data)
        self.load(running, "cold")
        many = self.options.many - self.options.rooms
        if many > 0 and (isinstance(self.server, Torg) or self.options.long):
            self.load(running, "creation", "--rooms", str(many))
            self.load(running, "syncs")
        running.stop()
        running = Running(self.server, self.data)
        self.load(running, "sliding_cold", "--rooms", str(self.options.rooms + max(many, 0)))
        running.stop()

    def demo(self, phase: str) -> None:
        """On the demo organisation, in a data directory of its own."""
        data = self.folder / f"demo-{phase}"
        self.server.make_demo(data)
        running = Running(self.server, data)
        self.load(running, phase)
        running.stop()


# name of the finding, its field, what the row says, unit, aim of Torg
ROWS = [
    ("send_1", "cpu_ms", "send into one room, 1 sender: CPU per message", "ms", 0.25),
    ("send_8", "cpu_ms", "… 8 senders", "ms", None),
    ("send_64", "cpu_ms", "… 64 senders", "ms", 0.1),
    ("send_100_rooms", "cpu_ms", "send over 100 rooms, 64 senders: CPU per message", "ms", 0.11),
    ("send_64", "per_second", "messages per second, one room, 64 senders", "/s", None),
    ("send_64", "p99_ms", "p99 of these", "ms", None),
    ("deliver_200", "cpu_ms", "deliver to 200 waiting syncs at 100 messages/s: CPU per delivery", "ms", 0.03),
    ("deliver_200", "p99_ms", "… p99 from send to arrival", "ms", 20),
    ("empty_sync_{rooms}", "cpu_ms", "empty incremental sync, user in {rooms} rooms: CPU", "ms", 0.03),
    ("empty_sync_{many}", "cpu_ms", "… in {many} rooms", "ms", 0.03),
    ("initial_sync_warm", "cpu_ms", "initial sync of the user in {rooms} rooms, warm: CPU", "ms", 10),
    ("initial_sync_cold", "cpu_ms", "… cold", "ms", 60),
    ("sliding_warm_{rooms}", "cpu_ms", "sliding sync, first 20 of {rooms} rooms, warm: CPU", "ms", 1),
    ("sliding_warm_{many}", "cpu_ms", "… of {many} rooms", "ms", 1),
    ("sliding_cold_{many}", "cpu_ms", "… of {many} rooms, cold", "ms", 20),
    ("sliding_poll", "kib", "memory of a waiting sliding sync, of 500", "KiB", 20),
    ("create_room", "cpu_ms", "create a room: CPU", "ms", 1),
    ("join_among_500", "cpu_ms", "a join among 500: CPU", "ms", 0.3),
    ("thumbnail", "cpu_ms", "a thumbnail, of five of a 12-megapixel photograph, with its upload: CPU", "ms", 25),
    ("lift_64", "per_second", "lifts per second, 64 lifters", "/s", 2000),
    ("lift_64", "cpu_ms", "… CPU per lift", "ms", None),
    ("queue_open", "p99_ms", "first page of a registrar's queue of 100,000: p99", "ms", 50),
    ("queue_open", "cpu_ms", "… CPU", "ms", None),
    ("search_recent_1", "p99_ms", "search of a word in a million messages, by date: p99", "ms", 50),
    ("search_recent_2", "p99_ms", "… of two words", "ms", 50),
    ("search_rank_1", "p99_ms", "… of a word, by rank", "ms", 50),
    ("search_rank_2", "p99_ms", "… of two words, by rank", "ms", 50),
    ("search_index", "bytes", "… the index, per message", "bytes", None),
    ("history_page", "cpu_ms", "back-pagination of 100,000 events: CPU per page of 100", "ms", None),
    ("history_page", "p99_ms", "… p99 of a page", "ms", None),
    ("idle_poll", "kib", "memory of one of 2,000 idle long-polls", "KiB", 20),
    ("crowd_join", "cpu_ms", "a join among 20,000: CPU", "ms", None),
    ("crowd_members", "cpu_ms", "… `/members`", "ms", None),
    ("crowd_lazy_sync", "cpu_ms", "… a lazy initial sync", "ms", None),
    ("disk", "bytes", "disk per message, everything included", "bytes", 950),
    ("pss_idle", "mib", "memory (PSS), idle", "MiB", 12),
    ("pss_after", "mib", "… after all of this", "MiB", 40),
    ("start", "seconds", "start until the first answer", "s", 0.1),
]


def shown(value: float | None) -> str:
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(found: dict[str, dict[str, dict]], options: argparse.Namespace) -> str:
    lines = ["| work | Torg | aim | Synapse 1.163.0 | Synapse / Torg |", "|---|---|---|---|---|"]
    sizes = {"rooms": options.rooms, "many": options.many}
    for name, field, text, unit, aim in ROWS:
        torg, synapse = (found.get(who, {}).get(name.format(**sizes), {}).get(field) for who in ("Torg", "Synapse"))
        ratio = "–"
        if torg and synapse:
            ratio = shown(torg / synapse if field == "per_second" else synapse / torg)
        aim_text = f"{'≥' if field == 'per_second' else '≤'} {aim:,}" if aim else ""
        lines.append(f"| {text.format(**sizes)} ({unit}) | {shown(torg)} | {aim_text} | {shown(synapse)} | {ratio} |")
    sends = [finding for name, finding in found.get("Torg", {}).items() if name.startswith("send_")]
    if sends:
        worst = max(finding["load_cpu_ms"] / finding["cpu_ms"] for finding in sends)
        lines += ["", f"The load generator used at most {worst:.0%} of Torg's CPU time in the sends."]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["torg", "synapse"])
    parser.add_argument("--seconds", type=float, default=5, help="length of each closed-loop measurement")
    parser.add_argument("--rooms", type=int, default=500, help="rooms of the user who syncs")
    parser.add_argument("--many", type=int, default=5000, help="rooms of that user in the second measurement")
    parser.add_argument("--large", action="store_true", help="a million messages, long history, many clients, a room of 20,000: Torg alone, minutes")
    parser.add_argument("--long", action="store_true", help="Synapse too gets the many rooms, which takes it many minutes")
    options = parser.parse_args()
    found = {}
    for server in (Torg(), Synapse()):
        if options.only in (None, server.name.lower()):
            found[server.name] = Bench(server, options).run()
    (WORK / "findings.json").write_text(json.dumps(found, indent=1))
    print(table(found, options))


if __name__ == "__main__":
    main()
