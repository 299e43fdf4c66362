#!/usr/bin/env python3
"""Writes docs/error-codes.md: each error code of the client-server specification, and the tests that make it appear.

    error_codes.py [--specification DIR] [--check]

The codes stand in error_codes.toml, with why there is no test where there can't be one; --specification, a checkout of
matrix-spec, holds that list against the text. A test makes a code appear when it names it: a C++ test by its body,
a Python or JavaScript test by its file. Fails when a code has neither a test nor a reason, or has both.
"""

import argparse
import collections
import pathlib
import re
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIST = HERE / "error_codes.toml"
PAGE = ROOT / "docs/error-codes.md"
CODE = re.compile(r"\bM_[A-Z][A-Z_]*[A-Z]\b")
CPP_TEST = re.compile(r"^TEST(?:_[PF])?\((\w+),\s*(\w+)\)", re.MULTILINE)
EXAMPLES = 3
HEAD = """# Error codes

Made by `tests/conformance/error_codes.py`; don't edit it. Each error code that the client-server specification names,
with tests that make it appear.
"""


def codes_of(specification: pathlib.Path) -> set[str]:
    folders = [specification / "content/client-server-api", specification / "data/api/client-server"]
    texts = (file.read_text() for folder in folders for file in sorted(folder.rglob("*")) if file.suffix in (".md", ".yaml"))
    return {code for text in texts for code in CODE.findall(text)}


def cpp_tests(file: pathlib.Path) -> list[tuple[str, str]]:
    """Name and body of each test; what stands above the first test is nobody's."""
    text = file.read_text()
    starts = list(CPP_TEST.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return [(f"{start[1]}.{start[2]}", text[start.end():end]) for start, end in zip(starts, ends)]


def tests_by_code() -> dict[str, list[str]]:
    found: dict[str, list[str]] = collections.defaultdict(list)
    cpp = [test for folder in ("server", "tests") for file in sorted((ROOT / folder).rglob("*_test.cpp")) for test in cpp_tests(file)]
    scripts = [file for pattern in ("*_test.py", "*.test.mjs") for file in sorted((ROOT / "tests").rglob(pattern)) if "node_modules" not in file.parts]
    for name, body in cpp + [(file.relative_to(ROOT).as_posix(), file.read_text()) for file in scripts]:
        for code in sorted(set(CODE.findall(body))):
            found[code].append(name)
    return found


def row(code: str, tests: list[str], why: str | None) -> str:
    if not tests:
        return f"| `{code}` | none: {why} |"
    more = f" and {len(tests) - EXAMPLES} more" if len(tests) > EXAMPLES else ""
    return f"| `{code}` | {', '.join(f'`{test}`' for test in tests[:EXAMPLES])}{more} |"


def faults_of(codes: list[str], reasons: dict[str, str], tests: dict[str, list[str]]) -> list[str]:
    faults = [f"{code}: no test makes it appear, and no reason is given" for code in codes if not tests[code] and code not in reasons]
    faults += [f"{code}: {tests[code][0]} makes it appear, so it needs no reason" for code in reasons if tests[code]]
    return faults + [f"{code}: a reason for a code that is not in the list" for code in reasons if code not in codes]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--specification", type=pathlib.Path, metavar="DIR", help="hold the list against this text")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is not as it would be written")
    options = parser.parse_args()
    known = tomllib.loads(LIST.read_text())
    codes, reasons, tests = sorted(known["codes"]), known["without_test"], tests_by_code()
    faults = faults_of(codes, reasons, tests)
    if options.specification:
        named = codes_of(options.specification) - set(known["not_codes"])
        faults += [f"{code}: in the specification, not in the list" for code in sorted(named - set(codes))]
        faults += [f"{code}: in the list, not in the specification" for code in sorted(set(codes) - named)]
    proven = sum(bool(tests[code]) for code in codes)
    lines = [HEAD, f"{proven} of {len(codes)} appear in a test.", "", "| code | tests |", "|---|---|"]
    page = "\n".join([*lines, *(row(code, tests[code], reasons.get(code)) for code in codes), ""])
    if options.check:
        faults += ["docs/error-codes.md is not up to date"] if not PAGE.exists() or PAGE.read_text() != page else []
    else:
        PAGE.write_text(page)
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
