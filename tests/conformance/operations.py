#!/usr/bin/env python3
"""Writes docs/conformance.md: what the server has of the client-server API, operation by operation, and what proves it.

    TORG_BINARY=… operations.py --schemas DIR [--complement OUT --suite-commit COMMIT] [--own FILE] [--check]

DIR is the `data` folder of the Matrix specification. An operation is there when its path and method are known to
the running server, whatever it answers to a caller without token. What it declines stands in DECLINED. What proves it are the tests in results.json.
"""

import argparse
import concurrent.futures
import os
import pathlib
import sys
import tomllib
import urllib.error
import urllib.request

import evidence
import openapi
import page

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = HERE / "results.json"
REASONS = HERE / "reasons.toml"
PAGE = ROOT / "docs/conformance.md"
UNRECOGNIZED = b'"M_UNRECOGNIZED"'
# What the server does not offer and answers as the specification has such servers answer: not there, but accounted for.
DECLINED = {
    "getAuthMetadata": "404 `M_UNRECOGNIZED` says that people sign in by the older API",
    "redirectToSSO": "404: no single sign-on, and no `m.login.sso` among the flows",
    "redirectToIdP": "404: no single sign-on, so no provider is known",
}
PROBE_LIMIT_S = 10

sys.path.insert(0, str(HERE.parent / "interop"))
from server import running_server  # noqa: E402 - the one way to start the server under test


def add_schemas(parser: argparse.ArgumentParser) -> None:
    """The option that names the specification's folder."""
    schemas = os.environ.get("TORG_MATRIX_SCHEMAS", ROOT.parent / "shared/schemas/matrix/data")
    parser.add_argument("--schemas", type=pathlib.Path, default=schemas, metavar="DIR",
                        help="the specification's `data` folder (default: $TORG_MATRIX_SCHEMAS)")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_schemas(parser)
    parser.add_argument("--complement", type=pathlib.Path, metavar="OUT", help="take in a run of Complement (run --out OUT)")
    parser.add_argument("--suite-commit", metavar="COMMIT", help="of the Complement that ran")
    parser.add_argument("--own", type=pathlib.Path, metavar="FILE", help="take in what api_test and identity_test noted")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is not as it would be written")
    options = parser.parse_args()
    if options.complement and not options.suite_commit:
        parser.error("--complement needs --suite-commit")
    return options


def is_there(url: str, operation: openapi.Operation) -> bool:
    """Whether the server knows the operation: an unknown path or method is M_UNRECOGNIZED with 404 or 405."""
    body = None if operation.method in ("GET", "HEAD") else b"{}"
    request = urllib.request.Request(url + operation.example(), body, method=operation.method)
    try:
        with urllib.request.urlopen(request, timeout=PROBE_LIMIT_S):
            if operation.name in DECLINED:
                raise RuntimeError(f"{operation.method} {operation.path} is answered: take it out of DECLINED")
            return True
    except urllib.error.HTTPError as error:
        if operation.name in DECLINED and error.code == 404:
            return False
        if error.code >= 500:
            raise RuntimeError(f"{operation.method} {operation.path}: status {error.code}") from error
        return not (error.code in (404, 405) and UNRECOGNIZED in error.read())


def probe(operations: openapi.Operations) -> dict[str, bool]:
    with running_server() as server, concurrent.futures.ThreadPoolExecutor(8) as pool:
        there = pool.map(lambda operation: is_there(server.url, operation), operations.all)
        return {operation.name: found for operation, found in zip(operations.all, there)}


def main() -> int:
    options = arguments()
    try:
        operations = openapi.read(options.schemas)
    except FileNotFoundError as error:
        print(f"The Matrix OpenAPI files are not here: {error}. Name the specification's data folder with --schemas.")
        return 2
    if options.complement:
        evidence.keep_complement(options.complement, options.suite_commit, operations, RESULTS)
    if options.own:
        evidence.keep_own(options.own, operations, RESULTS)
    results = evidence.load(RESULTS)
    reasons = tomllib.loads(REASONS.read_text())["reason"]
    there = probe(operations)
    for operation in operations.all:
        proof = ", ".join(evidence.examples(results, operation.name)) or "no test"
        word = "has" if there[operation.name] else "says no" if operation.name in DECLINED else "not"
        print(f"{word:7} {operation.method:6} {operation.path}  {proof}")
    print(f"{sum(there.values())} of {len(there)} operations are there")
    faults = evidence.faults(results, reasons)
    text = page.render(operations, there, DECLINED, results, reasons)
    if not options.check:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        faults.append(f"{PAGE.relative_to(ROOT)} is not as {pathlib.Path(__file__).name} writes it now")
    print("".join(f"{fault}\n" for fault in faults), end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
