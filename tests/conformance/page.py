"""The page docs/conformance.md."""

import collections
import itertools

import evidence
from openapi import Operation, Operations

HEAD = """# Conformance

Made by `tests/conformance/operations.py`; don't edit it. It holds the running server against the OpenAPI files of the
Matrix specification and against Complement, the suite that homeservers are compared with ([how](../tests/conformance/README.md)).
What each version of the specification added stands in [versions.md](versions.md).
"""


def render(operations: Operations, there: dict[str, bool], declined: dict[str, str], results: dict, reasons: list[dict]) -> str:
    """`declined` says of operations that aren't there how the server says so."""
    tables = table(operations, there, declined, results)
    return "\n".join([HEAD, *complement(results, reasons), *expected_failures(results, reasons), *tables, ""])


def complement(results: dict, reasons: list[dict]) -> list[str]:
    suites = {name: package for name, package in results.items() if "tests" in package}
    lines = ["## Complement", "", "| package | pass | fail | skip | date | suite |", "|---|--:|--:|--:|---|---|"]
    total: collections.Counter[str] = collections.Counter()
    for name, package in suites.items():
        counts = collections.Counter(package["tests"].values())
        total.update(counts)
        lines.append(f"| {name} | {counts['pass']} | {counts['fail']} | {counts['skip']} | {package['date']} | `{package['suite'][:12]}` |")
    lines.append(f"| all | {total['pass']} | {total['fail']} | {total['skip']} | | |")
    return [*lines, "", of_one_server(results, reasons), ""]


def of_one_server(results: dict, reasons: list[dict]) -> str:
    """How much passes of what can be asked of a server that is alone."""
    passed, failed = evidence.tests_with(results, "pass"), evidence.tests_with(results, "fail")
    asked = len(passed) + len(failed - {test for reason in reasons if reason.get("federation") for test in reason["tests"]})
    return f"Of the {asked} tests that need no second homeserver {len(passed)} pass ({100 * len(passed) / asked:.1f} %)."


def expected_failures(results: dict, reasons: list[dict]) -> list[str]:
    """By reason, the tests that fail; and by package, those that pass."""
    lines = ["### What fails, and why", "", "The list can only shrink: a test in it that passes fails the check.", "", "| reason | tests |", "|---|---|"]
    failed = evidence.tests_with(results, "fail")
    for reason in reasons:
        tests = sorted(set(reason["tests"]) & failed)
        lines.append(f"| {reason['why']} | {len(tests)}: {', '.join(tests)} |")
    lines += ["", "### What passes", ""]
    for package, tests in itertools.groupby(sorted(evidence.tests_with(results, "pass")), key=lambda test: test.split("/")[0]):
        lines.append(f"- **{package}**: {', '.join(test.partition('/')[2] for test in tests)}")
    return [*lines, ""]


def table(operations: Operations, there: dict[str, bool], declined: dict[str, str], results: dict) -> list[str]:
    proven = sum(bool(evidence.examples(results, operation.name)) for operation in operations.all if there[operation.name])
    lines = ["## Operations", "", f"{sum(there.values())} of {len(there)} are there; {proven} of these are proven by a test that passes."]
    if declined:
        lines[-1] += f" {len(declined)} are declined in the specification's words."
    for tag, group in itertools.groupby(operations.all, key=lambda operation: operation.tag):
        lines += ["", f"### {tag}", "", "| operation | request | there | proven by |", "|---|---|---|---|"]
        for operation in group:
            word = "yes" if there[operation.name] else f"no: {declined[operation.name]}" if operation.name in declined else "no"
            lines.append(row(operation, word, evidence.examples(results, operation.name)))
    return lines


def row(operation: Operation, there: str, tests: list[str]) -> str:
    note = " (deprecated)" if operation.deprecated else ""
    return f"| {operation.name}{note} | `{operation.method} {operation.path}` | {there} | {'<br>'.join(tests).replace('|', chr(92) + '|')} |"
