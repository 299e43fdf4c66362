"""Readable copies of every kind of record, made by the real server, are what they say: veraPDF finds no fault.

Prints TAP.
"""

import pathlib
import sys
import tempfile

import samples
from office import Office, mail
from samples import named, picture
from verapdf import verdicts

from harness.tap import Tap  # office made the harness known

ACCESSIBLE = {"PDF/A-2a", "PDF/UA-1"}
LETTER = "Granviks kommun har inget att erinra.\n\nMed vänlig hälsning\nDiariet\n\n" + samples.SCRIPTS


def thread(office: Office) -> int:
    formatted = {"format": "org.matrix.custom.html"}
    start = office.say_text(
        "Nivåer i vallen:\n| Sektion | Nivå |\n|---|---|\n| A | 1,2 m |", **formatted, formatted_body=samples.TABLE
    )
    inside = {"m.relates_to": {"rel_type": "m.thread", "event_id": start}}
    listed = office.say_text("1. Mät\n2. Skriv upp\n   - i dagboken", **formatted, formatted_body=samples.LIST, **inside)
    signs = office.say_text(f"{samples.SCRIPTS} 👍🏽 👩‍👩‍👧 🇸🇪 \ue000", **inside)
    edit = {"m.new_content": {"msgtype": "m.text", "body": "Rättat"}, "m.relates_to": {"rel_type": "m.replace", "event_id": listed}}
    office.say_text("* Rättat", **edit)
    office.say({"m.relates_to": {"rel_type": "m.annotation", "event_id": signs, "key": "🎉"}}, "m.reaction")
    shown = office.say_file(named("läge.png", picture("PNG", "RGBA")), body="Läget vid sektion A", **inside)
    return office.lift(start, listed, signs, shown)


def letter(office: Office) -> int:
    files = named("karta.png", picture("PNG")), named("yttrande.pdf", samples.PDF), named("brev.docx", samples.docx("Brev"))
    return office.enter("mail", mail(LETTER, *files))


KINDS = {
    "a thread with a table, a list, a picture, emoji and many scripts": thread,
    "a mail with attachments": letter,
    "a paper": lambda office: office.enter("paper", note="Handskrivet brev.\n\nTvå sidor.", original_place="Pärm 7"),
    "a note of a call": lambda office: office.enter("phone", note="Ringde om vallen.\x07 <b>Inte fet.</b>"),
    "a file": lambda office: office.enter("file", named("protokoll.pdf", samples.PDF)),
}


def tell(tap: Tap, office: Office, folder: pathlib.Path) -> None:
    made = {name: make(office) for name, make in KINDS.items()}
    copies: dict[str, list[str]] = {}
    for name, record in made.items():
        shown = office.settled(record)
        copies[name] = [f"{record}-{file['n']}.pdf" for file in shown["files"] if file["role"] == "rendition"]
        faults = [] if shown["rendition"] == "done" else [f"its rendition is {shown['rendition']}"]
        tap.line(f"{name} gets a readable copy", faults or ([] if copies[name] else ["there is none"]))
        for file in shown["files"]:
            if file["role"] == "rendition":
                (folder / f"{record}-{file['n']}.pdf").write_bytes(office.fetch(file["url"]))
    said = verdicts(folder)
    for name, files in copies.items():
        faults = [f"{file}: {standard}: {fault}" for file in files for standard, found in said[file].items() for fault in found]
        if not any(said[file].keys() == ACCESSIBLE for file in files):
            faults.append(f"none claims {ACCESSIBLE}: {[list(said[file]) for file in files]}")
        tap.line(f"{name}: veraPDF finds no fault", faults)


def main() -> int:
    tap = Tap()
    office = Office()
    try:
        with tempfile.TemporaryDirectory() as folder:
            tell(tap, office, pathlib.Path(folder))
    finally:
        office.close()
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
