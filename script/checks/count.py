"""Counts the tests of one stage of script/test from the JUnit XML and TAP files it left, and prints one line.

usage: count.py STAGE FOLDER EXIT_STATUS SECONDS

A stage without such files is one test, which passed if its exit status is 0. A stage that failed although no test
of it did (a build error, a crash) counts as one failed test.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as xml

TAP = re.compile(r"^\s*(not ok|ok)\b[ \d]*-? ?(.*)$")
SHOWN = 20


def junit(file: pathlib.Path) -> tuple[int, list[str]]:
    """Passed tests, and the names of the failed ones, in a JUnit or GoogleTest file."""
    passed, failed = 0, []
    for case in xml.parse(file).iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name', '')}".strip(".")
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(name)
        elif case.find("skipped") is None and case.get("result") != "skipped":
            passed += 1
    return passed, failed


def tap(file: pathlib.Path) -> tuple[int, list[str]]:
    lines = [match for line in file.read_text().splitlines() if (match := TAP.match(line)) and "# SKIP" not in line]
    failed = [match[2] for match in lines if match[1] == "not ok"]
    return len(lines) - len(failed), failed


def died(folder: pathlib.Path) -> list[str]:
    """Test programs that ctest saw fail and that left no report of their own: they crashed or hung."""
    report = folder / "ctest.junit"
    if not report.exists():
        return []
    _, failed = junit(report)
    names = [name.split(".")[-1] for name in failed]
    return [f"{name}_test died" for name in names if not (folder / f"{name}_test.xml").exists()]


def main() -> int:
    stage, folder, status, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    passed, failed = 0, died(folder)
    reports = sorted(folder.glob("*.xml")) + sorted(folder.glob("*.tap"))
    for report in reports:
        try:
            more, wrong = junit(report) if report.suffix == ".xml" else tap(report)
        except xml.ParseError:
            more, wrong = 0, [f"{report.name} is cut off"]
        passed, failed = passed + more, failed + wrong
    if not reports and status == 0:
        passed = 1
    if status != 0 and not failed:
        failed = [f"the stage ended with status {status}"]
    print(f"{stage:<12} {passed:>5} passed, {len(failed):>3} failed  {seconds:>5} s")
    for name in failed[:SHOWN]:
        print(f"  failed: {name}")
    if len(failed) > SHOWN:
        print(f"  … and {len(failed) - SHOWN} more: build/test/{stage}.log")
    return 0


if __name__ == "__main__":
    sys.exit(main())
