"""What tests showed: the results of each Complement package, and which operations passing tests saw answered.

An operation is proven by a passing test that got a good answer (2xx or 3xx) from it: what the test then demanded of
that answer held. Complement's log names method, path and status of each request and the test that made it; our own
api_test and identity_test note the same in the file that TORG_TEST_REQUESTS names.
"""

import collections
import datetime
import json
import pathlib
import re

from openapi import Operations

NAME = re.compile(r"\x16=== (?:RUN|NAME|CONT)\s+(\S*)")
RESULT = re.compile(r"\x16\s*--- (PASS|FAIL|SKIP): (\S+)")
REQUEST = re.compile(r"\[CSAPI\] ([A-Z]+) \w+(/.*) => [23]\d\d ")
PARAMETERS = re.compile(r"^.*/(?=\w+\.)|/\w+$")  # GoogleTest's: OnBothDatabases/RoomApi.CanBeLeft/sqlite
EXAMPLES = 3
OWN = "Torg"

Calls = dict[str, set[tuple[str, str]]]  # by test, the method and path of each request that was answered well


def load(kept: pathlib.Path) -> dict:
    """By package: the date and suite of its last run, each test's result, the operations that its tests prove."""
    return json.loads(kept.read_text()) if kept.exists() else {}


def store(kept: pathlib.Path, results: dict) -> None:
    kept.write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n")


def keep_complement(run: pathlib.Path, commit: str, operations: Operations, kept: pathlib.Path) -> None:
    """Takes a run's packages into the kept results; packages that it did not run stay as they were."""
    summary, results = json.loads((run / "summary.json").read_text()), load(kept)
    for name, package in summary["packages"].items():
        results[name] = {
            "date": summary["begun"][:10],
            "suite": commit,
            "tests": {test: entry["result"] for test, entry in package["tests"].items()},
            "operations": proofs(complement_calls(run / f"{name}.log"), operations),
        }
    store(kept, results)


def keep_own(noted: pathlib.Path, operations: Operations, kept: pathlib.Path) -> None:
    """Takes in a green run of our own tests, one line a request: test, method, target and status between tabs."""
    calls: Calls = collections.defaultdict(set)
    for line in noted.read_text().splitlines():
        test, method, target, status = line.split("\t")
        if status[0] in "23":
            calls[PARAMETERS.sub("", test)].add((method, target.partition("?")[0]))
    results = load(kept)
    results[OWN] = {"date": datetime.date.today().isoformat(), "operations": proofs(calls, operations)}
    store(kept, results)


def complement_calls(log: pathlib.Path) -> Calls:
    """The requests of the tests and subtests that passed."""
    calls: Calls = collections.defaultdict(set)
    passed: set[str] = set()
    current = ""
    with log.open(errors="replace") as lines:
        for line in lines:
            if named := NAME.search(line):
                current = named[1]
            elif result := RESULT.search(line):
                (passed.add if result[1] == "PASS" else passed.discard)(result[2])
            elif request := REQUEST.search(line):
                calls[current].add((request[1], request[2]))
    return {test: requests for test, requests in calls.items() if test in passed}


def proofs(calls: Calls, operations: Operations) -> dict[str, dict]:
    """By operation, how many tests prove it, and which of them ask for little else."""
    asked = {test: {found.name for call in requests if (found := operations.of(*call))} for test, requests in calls.items()}
    provers: dict[str, list[str]] = collections.defaultdict(list)
    for test in sorted(asked, key=lambda test: (len(asked[test]), test)):
        for operation in asked[test]:
            provers[operation].append(test)
    return {name: {"tests": len(tests), "examples": tests[:EXAMPLES]} for name, tests in sorted(provers.items())}


def examples(results: dict, operation: str) -> list[str]:
    """A few tests that prove an operation, our own first."""
    order = sorted(results, key=lambda name: (name != OWN, name))
    found = [results[name]["operations"].get(operation, {"examples": []})["examples"] for name in order]
    return [f"{name}: {test}" for name, tests in zip(order, found) for test in tests][:EXAMPLES]


def tests_with(results: dict, result: str) -> set[str]:
    """`PACKAGE/TEST` of every Complement test that ended so."""
    return {f"{name}/{test}" for name, package in results.items() for test, word in package.get("tests", {}).items() if word == result}


def faults(results: dict, reasons: list[dict]) -> list[str]:
    """A failure without its reason, or a reason for what does not fail: the list can only shrink."""
    failed, listed = tests_with(results, "fail"), collections.Counter(test for reason in reasons for test in reason["tests"])
    return [
        *(f"{test} fails and reasons.toml does not say why" for test in sorted(failed - listed.keys())),
        *(f"{test} does not fail: take it out of reasons.toml" for test in sorted(listed.keys() - failed)),
        *(f"{test} is {count} times in reasons.toml" for test, count in sorted(listed.items()) if count > 1),
    ]
