"""Everything that can be done to a data directory without the key, and what torg verify must say of it. Prints TAP."""

import base64
import pathlib
import secrets
import shutil
import sys
import typing

from town import ATTACHED, Copy, Town  # first: it makes the harness known
from harness.tap import Tap
from tree import leaf_hash, rebuild

Attack = typing.Callable[[Copy], None]
SWAPPED = (4, 7)


def flip_a_byte_of_a_file(copy: Copy) -> None:
    blob = copy.blob()
    content = bytearray(blob.read_bytes())
    content[len(content) // 2] ^= 1
    blob.chmod(0o600)
    blob.write_bytes(content)


def remove_a_file(copy: Copy) -> None:
    copy.blob().unlink()


def change_the_originals(copy: Copy) -> None:
    copy.execute("UPDATE register_manifest SET manifest = replace(manifest, 'protokollet', 'paragrafen') WHERE manifest LIKE '%protokollet%'")


def replace_a_file_in_the_register(copy: Copy) -> None:
    copy.execute("UPDATE register_file SET size = size + 1 WHERE name = ?", ATTACHED)


def drop_a_file_from_the_register(copy: Copy) -> None:
    copy.execute("DELETE FROM register_file WHERE name = ?", ATTACHED)


def drop_a_record(copy: Copy) -> None:
    copy.execute("DELETE FROM register_record WHERE number = ?", copy.town.number)


def drop_a_correction(copy: Copy) -> None:
    copy.execute("DELETE FROM register_correction WHERE field = 'title'")


def change_a_correction(copy: Copy) -> None:
    copy.execute("UPDATE register_correction SET reason = 'Sekretess' WHERE field = 'title'")


def change_a_title(copy: Copy) -> None:
    copy.execute("UPDATE register_record SET title = 'Något annat' WHERE number = ?", copy.town.number)


def show_another_title(copy: Copy) -> None:
    copy.execute("UPDATE register_record SET public_title = 'Något annat' WHERE number = ?", copy.town.number)


def back_date_a_record(copy: Copy) -> None:
    copy.execute("UPDATE register_record SET registered_at = registered_at - 86400000 WHERE number = ?", copy.town.number)


def back_date_the_day(copy: Copy) -> None:
    copy.execute("UPDATE register_record SET day = day - 30 WHERE number = ?", copy.town.number)


def forge_a_record(copy: Copy) -> None:
    with copy.database() as database:
        database.execute("DROP TRIGGER register_search_added")  # its full-text index needs a newer SQLite than Python has
        columns = [row[1] for row in database.execute("PRAGMA table_info(register_record)") if row[1] not in ("id", "number", "log_index")]
        listed = ", ".join(columns)
        database.execute(
            f"INSERT INTO register_record (number, log_index, {listed}) SELECT 'KS 2026/00099-1', 9999, {listed} FROM register_record LIMIT 1"
        )


def drop_a_leaf(copy: Copy) -> None:
    copy.execute("DELETE FROM log_entry WHERE idx = 5")


def drop_a_leaf_and_count_anew(copy: Copy) -> None:
    with copy.database() as database:
        for table in ("log_entry", "log_opening"):
            database.execute(f"DELETE FROM {table} WHERE idx = 5")
            database.execute(f"UPDATE {table} SET idx = -idx WHERE idx > 5")
            database.execute(f"UPDATE {table} SET idx = -idx - 1 WHERE idx < 0")
        for table in ("register_record", "register_correction", "disposal"):
            database.execute(f"UPDATE {table} SET log_index = log_index - 1 WHERE log_index > 5")
        database.execute("UPDATE log_key SET idx = idx - 1")
        rebuild(database)


def swap_two_leaves(copy: Copy) -> None:
    with copy.database() as database:
        swap(database)


def swap(database) -> None:
    for table in ("log_entry", "log_opening"):
        for old, new in ((SWAPPED[0], -1), (SWAPPED[1], SWAPPED[0]), (-1, SWAPPED[1])):
            database.execute(f"UPDATE {table} SET idx = ? WHERE idx = ?", (new, old))


def swap_two_leaves_and_make_the_tree_anew(copy: Copy) -> None:
    with copy.database() as database:
        swap(database)
        rebuild(database)


def swap_the_bytes_of_two_leaves(copy: Copy) -> None:
    with copy.database() as database:
        rows = {row[0]: row[1:] for row in database.execute("SELECT idx, leaf, leaf_hash FROM log_entry WHERE idx IN (?, ?)", SWAPPED)}
        for here, there in (SWAPPED, SWAPPED[::-1]):
            database.execute("UPDATE log_entry SET leaf = ?, leaf_hash = ? WHERE idx = ?", (*rows[there], here))


def flip_a_byte_of_a_leaf(copy: Copy) -> None:
    leaf = bytearray(copy.one("SELECT leaf FROM log_entry WHERE idx = 3"))
    leaf[-1] ^= 1
    copy.execute("UPDATE log_entry SET leaf = ? WHERE idx = 3", bytes(leaf))


def forge_a_leaf_with_its_hash(copy: Copy) -> None:
    leaf = bytearray(copy.one("SELECT leaf FROM log_entry WHERE idx = 3"))
    leaf[-1] ^= 1
    copy.execute("UPDATE log_entry SET leaf = ?, leaf_hash = ? WHERE idx = 3", bytes(leaf), leaf_hash(leaf))


def back_date_a_leaf_and_make_the_tree_anew(copy: Copy) -> None:
    with copy.database() as database:
        leaf = bytes(database.execute("SELECT leaf FROM log_entry WHERE idx = 6").fetchone()[0])
        frame, rest = leaf.split(b"\n", 1)
        start = frame.index(b'"at":') + 5
        forged = frame[:start] + b"1" + frame[start + 1 :].replace(frame[start + 1 : start + 4], b"000", 1) + b"\n" + rest
        database.execute("UPDATE log_entry SET leaf = ? WHERE idx = 6", (forged,))
        rebuild(database)


def change_a_value_of_the_log(copy: Copy) -> None:
    copy.execute("UPDATE log_opening SET fields = replace(fields, 'Yttrande över provisorisk vall', 'Avslag') WHERE fields LIKE '%Yttrande över provisorisk vall%'")


def drop_the_values_of_a_leaf(copy: Copy) -> None:
    copy.execute("DELETE FROM log_opening WHERE idx = 3")


def change_a_hash_of_the_tree(copy: Copy) -> None:
    copy.execute("UPDATE log_node SET hash = ? WHERE level = 2 AND idx = 0", secrets.token_bytes(32))


def back_date_a_head(copy: Copy) -> None:
    copy.execute("UPDATE log_head SET at = at - 86400000 WHERE size = (SELECT max(size) FROM log_head)")


def forge_a_signature(copy: Copy) -> None:
    copy.execute("UPDATE log_head SET signature = ? WHERE size = (SELECT max(size) FROM log_head)", secrets.token_bytes(64))


def use_another_key(copy: Copy) -> None:
    key = copy.data / "keys" / "log.key"
    key.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")


def forge_a_change_of_key(copy: Copy) -> None:
    index = copy.one("SELECT idx FROM log_key")
    with copy.database() as database:
        fields = database.execute("SELECT fields FROM log_opening WHERE idx = ?", (index,)).fetchone()[0]
        signature = fields.split('"signature","')[1].split('"')[0]
        forged = fields.replace(signature, base64.b64encode(secrets.token_bytes(64)).decode().rstrip("="))
        database.execute("UPDATE log_opening SET fields = ? WHERE idx = ?", (forged, index))


def truncate(copy: Copy) -> None:
    with copy.database() as database:
        cut(database)


def cut(database) -> None:
    last = database.execute("SELECT max(idx) FROM log_entry").fetchone()[0]
    for table in ("log_entry", "log_opening"):
        database.execute(f"DELETE FROM {table} WHERE idx > ?", (last - 2,))
    rebuild(database)


def truncate_with_heads_and_records(copy: Copy) -> None:
    with copy.database() as database:
        cut(database)
        size = database.execute("SELECT size FROM log_edge").fetchone()[0]
        database.execute("DELETE FROM log_head WHERE size > ?", (size,))
        database.execute("DELETE FROM register_record WHERE log_index >= ?", (size,))


def change_a_certificate(copy: Copy) -> None:
    copy.execute("UPDATE disposal SET certificate = replace(certificate, 'GB 2026-07', 'GB 2026-99')")


def drop_a_disposal(copy: Copy) -> None:
    copy.execute("DELETE FROM disposal")


# What is done, and a sentence (its beginning, or part of it) that must be said of it.
ATTACKS: dict[Attack, str] = {
    flip_a_byte_of_a_file: f"record {{number}}: the file {ATTACHED} was changed",
    remove_a_file: f"record {{number}}: the file {ATTACHED} is missing",
    change_the_originals: "record {number}: its originals (manifest.json) were changed",
    replace_a_file_in_the_register: f"record {{number}}: the file {ATTACHED} was replaced in the register",
    drop_a_file_from_the_register: f"record {{number}}: the file {ATTACHED} is missing from the register",
    drop_a_record: "the record it is about is missing from the register",
    drop_a_correction: "record {number}: a correction of its title is missing",
    change_a_correction: "record {number}: a correction of its title was changed",
    change_a_title: "record {number}: the title in the register is not what was registered",
    show_another_title: "record {number}: what the web shows of it is not what was decided last",
    back_date_a_record: "record {number}: it was back-dated",
    back_date_the_day: "record {number}: it was back-dated",
    forge_a_record: "record KS 2026/00099-1: it is not in the log",
    drop_a_leaf: "leaf 5 is missing",
    drop_a_leaf_and_count_anew: "something was changed, added, removed or moved",
    swap_two_leaves: "leaves 4 and 7 changed places",
    swap_two_leaves_and_make_the_tree_anew: "leaves 4 and 7 changed places",
    swap_the_bytes_of_two_leaves: "leaves 4 and 7 changed places",
    flip_a_byte_of_a_leaf: "leaf 3",
    forge_a_leaf_with_its_hash: "leaf 3",
    back_date_a_leaf_and_make_the_tree_anew: "it was back-dated",
    change_a_value_of_the_log: "the field title was changed",
    drop_the_values_of_a_leaf: "its values and salts are missing",
    change_a_hash_of_the_tree: "the tree's hash over leaves 0 to 3 does not fit",
    back_date_a_head: "was back-dated",
    forge_a_signature: "the signature is not by this key",
    use_another_key: "the log's key was not brought in by the key before it",
    forge_a_change_of_key: "the new key was not brought in by the key before it",
    truncate: "leaves were cut off",
    truncate_with_heads_and_records: "tree head {size} in keys/log.head: the log had {size} leaves",
    change_a_certificate: "the decision of its certificate was changed",
    drop_a_disposal: "the disposal it certifies is missing",
}


def faults_of(status: int, report: dict, wanted: str) -> list[str]:
    said = [finding["text"] for finding in report["findings"]]
    if status == 1 and any(wanted in text for text in said):
        return []
    return [f"ends with {status}; '{wanted}' is not said, but:", *said]


class Tampering:
    """What is done to copies of one town."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def untouched(self) -> list[str]:
        copy = Copy(self.town)
        status, report = copy.verify("--head", self.town.head)
        directory = report.get("directory", {})
        copy.remove()
        looked = all(directory.get(what, 0) > 0 for what in ("heads", "records", "disposals", "files")) and directory["keys"] == 2
        signed = directory.get("unsigned_entries") == 0
        return [] if status == 0 and looked and signed else [str(status), str(directory), *(finding["text"] for finding in report["findings"])]

    def nothing_was_written(self) -> list[str]:
        copy = Copy(self.town)
        before = {path: path.read_bytes() for path in copy.data.rglob("*") if path.is_file()}
        copy.verify()
        after = {path: path.read_bytes() for path in copy.data.rglob("*") if path.is_file()}
        copy.remove()
        return [] if before == after else [f"{len(before)} files before, {len(after)} after, or other content"]

    def one_record(self) -> list[str]:
        """One record alone: whole, then with its file changed."""
        copy = Copy(self.town)
        status, report = copy.verify("--record", self.town.number)
        faults = [] if status == 0 and report["directory"]["files"] == 1 else [f"{status}: {report}"]
        flip_a_byte_of_a_file(copy)
        status, report = copy.verify("--record", self.town.number)
        copy.remove()
        return faults + faults_of(status, report, f"the file {ATTACHED} was changed")

    def rolled_back(self) -> list[str]:
        """The whole directory as it was: only a head that somebody kept tells."""
        copy = Copy(self.town, self.town.old)
        alone, _ = copy.verify()
        status, report = copy.verify("--head", self.town.head)
        copy.remove()
        return ([] if alone == 0 else ["an older state does not verify by itself"]) + faults_of(status, report, "an older state of itself")

    def running(self) -> list[str]:
        """Nothing is said of a directory that a server writes to."""
        self.town.server.start()
        copy = Copy(self.town)
        shutil.rmtree(copy.data.parent)
        copy.data = pathlib.Path(self.town.data)
        status, _ = copy.verify()
        self.town.server.stop()
        return [] if status == 2 else [f"ends with {status}"]

    def attacked(self, attack: Attack, wanted: str) -> list[str]:
        copy = Copy(self.town)
        size = copy.one("SELECT max(size) FROM log_head")
        attack(copy)
        status, report = copy.verify()
        copy.remove()
        return faults_of(status, report, wanted.format(number=self.town.number, size=size))


def main() -> int:
    tap = Tap()
    town = Town()
    tampering = Tampering(town)
    tap.line("the untouched directory verifies, with a head that was kept", tampering.untouched())
    tap.line("verifying writes nothing", tampering.nothing_was_written())
    tap.line("one record verifies by its number", tampering.one_record())
    for attack, wanted in ATTACKS.items():
        tap.line(f"{attack.__name__.replace('_', ' ')} is found", tampering.attacked(attack, wanted))
    tap.line("a directory rolled back to an older state is found by a kept head", tampering.rolled_back())
    tap.line("a directory with a running server is refused", tampering.running())
    town.remove()
    return tap.end()


sys.exit(main())
