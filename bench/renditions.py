"""CPU time and memory that a readable copy takes, by kind, and prints a Markdown table: the workers alone, without the sandbox.

usage: renditions.py [PYTHON-WITH-WEASYPRINT]
"""

import json
import os
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
WORKERS = ROOT / "server" / "records" / "rendition" / "files" / "worker"
PYTHON = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build" / "tools" / "venv" / "bin" / "python")
OFFICE = "/usr/bin/soffice"
RUNS = 5
os.environ["TORG_RENDITION_WORKER"] = PYTHON
sys.path.insert(0, str(ROOT / "tests" / "renditions"))

import samples  # noqa: E402

PARAGRAPH = "Vallen vid sektion A är hög nog enligt mätningen i oktober. " * 5
PAGE = '<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Handling</title></head><body><h1>Handling</h1>{}</body></html>'


def page(inside: str) -> bytes:
    return PAGE.format(inside).encode()


def messages(count: int) -> str:
    return "".join(f"<section><h3>Maja Ekdahl, {n}</h3><p>{PARAGRAPH}</p></section>" for n in range(count))


def with_picture(kind: str) -> bytes:
    made = run("attachment.py", samples.named(f"a.{kind}", samples.picture("JPEG", "RGB", 4000, 3000)).content, request("picture", kind))[2]
    return page(f'<figure><img src="{samples.data_uri(samples.File("a", "image/jpeg", made))}" alt="En bild"></figure>')


def request(kind: str, extension: str) -> str:
    return json.dumps({"kind": kind, "type": samples.TYPES[extension], "office": OFFICE})


def run(worker: str, content: bytes, *arguments: str) -> tuple[float, float, bytes]:
    """CPU milliseconds of the worker and all it starts, its largest process in MiB, and what it made."""
    read, write = os.pipe()
    command = [PYTHON, "-I", "-c", (WORKERS / worker).read_text(), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=write, stderr=subprocess.DEVNULL)
    os.close(write)
    child = os.fork()
    if child == 0:  # feeds it, so that wait4 below is of the worker alone
        os.close(read)
        with process.stdin as to:
            to.write(content)
        os._exit(0)
    process.stdin.close()
    with os.fdopen(read, "rb") as source:
        made = source.read()
    os.waitpid(child, 0)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0 or not made:
        raise SystemExit(f"{worker} {arguments} made nothing")
    return (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024, made


def kinds() -> dict[str, tuple[str, bytes, tuple[str, ...]]]:
    found = {
        "the page of a message": ("render.py", page(messages(1)), ()),
        "the page of 100 messages": ("render.py", page(messages(100)), ()),
        "the page of a message with a photograph": ("render.py", with_picture("jpg"), ()),
        "a photograph of 12 megapixels": ("attachment.py", samples.picture("JPEG", "RGB", 4000, 3000), (request("picture", "jpg"),)),
        "a picture (PNG) of 12 megapixels": ("attachment.py", samples.picture("PNG", "RGB", 4000, 3000), (request("picture", "png"),)),
        "a text of 100 kB": ("attachment.py", PARAGRAPH.encode() * 330, (request("text", "txt"),)),
    }
    made = {"docx": samples.docx("Brev"), "xlsx": samples.xlsx(), "odp": samples.odf("odp", "Sida"), "rtf": samples.rtf("Brev")}
    long = samples.docx("Brev", "".join(f"<w:p><w:r><w:t>{PARAGRAPH}</w:t></w:r></w:p>" for _ in range(1000)))
    for extension, content in made.items():
        found[f"an office file of a page, {extension}"] = ("attachment.py", content, (request("office", extension),))
    return found | {"an office file of 94 pages, docx": ("attachment.py", long, (request("office", "docx"),))}


def main() -> None:
    print("| readable copy of | CPU (ms) | memory (MiB) |\n|---|---|---|")
    for name, (worker, content, arguments) in kinds().items():
        runs = [run(worker, content, *arguments) for _ in range(RUNS)]
        cpu, memory = (statistics.median(one[n] for one in runs) for n in (0, 1))
        print(f"| {name} | {cpu:,.0f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
