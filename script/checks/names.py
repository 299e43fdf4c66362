"""Finds names that would make a simulated run differ from its replay: clocks, timers, threads, sleep, randomness.

These are reached through `Runtime` only (docs/adr/0002), so just the folders that implement it, and the files
named below, may use them.
"""

import pathlib
import re
import sys

FORBIDDEN = re.compile(
    r"\b(steady_timer|system_timer|high_resolution_timer|deadline_timer"
    r"|(?:system|steady|high_resolution)_clock\s*::\s*now"
    r"|std\s*::\s*(?:jthread|thread|async|random_device)\b(?!\s*::)"
    r"|this_thread|usleep|nanosleep|getrandom|arc4random|randombytes_buf|RAND_bytes|clock_gettime|gettimeofday"
    r"|thread_local)\b|(?<![\w.:>])(?:::)?sleep\s*\("
)
ALLOWED = re.compile(
    r"^server/(runtime/|net/|base/log\.cpp$|db/[a-z_/]*lane[a-z_]*\.[ch]pp$|app/main\.cpp$|.*_bench\.cpp$)"
)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
ROOT = pathlib.Path(__file__).resolve().parents[2]


def blank(match: re.Match[str]) -> str:
    """Keeps the line count, so that reported lines are right."""
    return "\n" * match[0].count("\n")


def faults_of(name: str, text: str) -> list[str]:
    code = COMMENT_OR_STRING.sub(blank, text)
    return [
        f"{name}:{number}: `{match[0].strip()}` is reached through Runtime only (docs/adr/0002)"
        for number, line in enumerate(code.split("\n"), start=1)
        for match in FORBIDDEN.finditer(line)
    ]


def main() -> int:
    faults = []
    for file in sorted((ROOT / "server").rglob("*.[chi]pp")):
        name = file.relative_to(ROOT).as_posix()
        if not ALLOWED.match(name):
            faults += faults_of(name, file.read_text())
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
