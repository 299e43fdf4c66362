"""What docs/conformance.md is made from: requests find their operations, logs say who asked, each failure has a reason."""

import pathlib
import sys
import tempfile
import tomllib

import evidence
import operations  # before the harness: it makes that known
from harness.tap import Tap
from openapi import Operation, Operations

LOG = """\x16=== RUN   TestA
    client.go:860: [CSAPI] GET hs1/_matrix/client/v3/profile/@a:hs1/displayname => 200 OK (1ms)
    client.go:860: [CSAPI] POST hs1/_matrix/client/v3/logout => 401 Unauthorized (1ms)
\x16--- PASS: TestA (0.01s)
\x16=== RUN   TestB
    client.go:860: [CSAPI] POST hs1/_matrix/client/v3/logout => 200 OK (1ms)
\x16--- FAIL: TestB (0.01s)
"""


def operation(name: str, method: str, path: str) -> Operation:
    return Operation(name, method, "/_matrix/client/v3" + path, "test.yaml", "test", False)


KNOWN = Operations([
    operation("field", "GET", "/profile/{userId}/{keyName}"),
    operation("name", "GET", "/profile/{userId}/displayname"),
    operation("logout", "POST", "/logout"),
])


def same(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"{found!r} is not {wanted!r}")


def the_most_literal_path_is_the_operation() -> None:
    found = [KNOWN.of("GET", f"/_matrix/client/v3/profile/@a:hs1/{key}") for key in ("displayname", "m.tz", "m.tz/x")]
    same([one and one.name for one in found], ["name", "field", None])


def only_a_good_answer_in_a_test_that_passed_is_a_proof() -> None:
    with tempfile.NamedTemporaryFile("w") as log:
        log.write(LOG)
        log.flush()
        found = evidence.proofs(evidence.complement_calls(pathlib.Path(log.name)), KNOWN)
    same(found, {"name": {"tests": 1, "examples": ["TestA"]}})


def a_failure_needs_a_reason_and_a_reason_a_failure() -> None:
    results = {"p": {"tests": {"TestA": "fail", "TestB": "pass"}, "operations": {}}}
    found = evidence.faults(results, [{"why": "", "tests": ["p/TestB"]}])
    same([fault.split(" ")[0] for fault in found], ["p/TestA", "p/TestB"])


def what_is_kept_has_its_reasons() -> None:
    reasons = tomllib.loads(operations.REASONS.read_text())["reason"]
    same(evidence.faults(evidence.load(operations.RESULTS), reasons), [])


if __name__ == "__main__":
    sys.exit(Tap().tell_each(
        the_most_literal_path_is_the_operation, only_a_good_answer_in_a_test_that_passed_is_a_proof,
        a_failure_needs_a_reason_and_a_reason_a_failure, what_is_kept_has_its_reasons,
    ))  # fmt: skip
