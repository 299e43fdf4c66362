#!/usr/bin/env python3
"""Asks the running server what Schemathesis makes of OpenAPI files: Torg's own, and the Matrix specification's where it is found.

    TORG_BINARY=… schemathesis_test.py [--schemas DIR] [--examples N] [--seed N] [--only TEXT]

DIR is the `data` folder of the Matrix specification. One test per operation: no answer is a server error, each has
the schema that its status is listed with, and an error has the form that the specification asks for. Prints TAP.
"""

import argparse
import json
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

import bundle
import openapi
import operations

from harness.tap import Tap
from harness.torg import Connection, Torg

HERE = pathlib.Path(__file__).resolve().parent
SECRET = secrets.token_hex(16)
RELAYS = ("turn_uris=turn:turn.example?transport=udp", f"turn_shared_secret={SECRET}")  # without them the answer is `{}`
SETTINGS = (f"registration_shared_secret={SECRET}", "registration=open", *RELAYS)
CHECKS = "not_a_server_error,response_schema_conformance,content_type_conformance,says_as_the_specification"
ANSWER_LIMIT_S = 10
RUN_LIMIT_S = 3600


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    operations.add_schemas(parser)
    parser.add_argument("--examples", type=int, default=15, metavar="N", help="generated requests per operation, besides those for each edge")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--only", default="", metavar="TEXT", help="only operations with this in their path")
    return parser.parse_args()


def run(server: Torg, inhabitants: str, document: dict, options: argparse.Namespace, folder: str) -> pathlib.Path:
    """Runs Schemathesis with a document. @return its JUnit report"""
    file, report = pathlib.Path(folder, f"{inhabitants}.json"), pathlib.Path(folder, f"{inhabitants}.xml")
    file.write_text(json.dumps(document), encoding="utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(file), "--url", server.url, "--checks", CHECKS, "--continue-on-failure"]
    command += ["--phases", "examples,coverage,fuzzing", "--max-examples", str(options.examples), "--seed", str(options.seed)]
    command += ["--request-timeout", str(ANSWER_LIMIT_S), "--generation-database", "none", "--warnings", "off", "--no-color"]
    command += ["--output-sanitize", "false", "--report-junit-path", str(report)]  # the curl lines work; the server is gone soon
    if options.only:
        command += ["--include-path-regex", options.only]
    asked = {"TORG_TEST_URL": server.url, "TORG_TEST_SECRET": SECRET, "TORG_TEST_INHABITANTS": inhabitants}
    hooks = {"SCHEMATHESIS_HOOKS": "generated", "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, check=False, cwd=folder, env={**os.environ, **asked, **hooks}, capture_output=True, text=True, timeout=RUN_LIMIT_S)
    if not report.exists():
        raise RuntimeError(f"Schemathesis ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return report


def tell(tap: Tap, what: str, report: pathlib.Path) -> None:
    for case in xml.parse(report).iter("testcase"):
        faults = [fault.text or fault.get("message") or fault.tag for fault in case if fault.tag in ("failure", "error")]
        tap.line(f"{what}: {case.get('name')}", faults)


def own(tap: Tap, options: argparse.Namespace, folder: str) -> None:
    """Torg's own API, as the server itself describes it."""
    server = Torg("conformance.example", SETTINGS)
    try:
        server.run("demo")
        server.start()
        document = Connection(server.port).get("/_torg/v1/openapi.json")
        tell(tap, "Torg's API", run(server, "demo", document, options, folder))
        tap.line("Torg's API: the server lives", [] if server.process.poll() is None else [server.logged()[-4000:]])
    finally:
        server.kill()
        server.remove()


def matrix(tap: Tap, options: argparse.Namespace, folder: str) -> None:
    """Those operations of the specification that the server has."""
    try:
        known = openapi.read(options.schemas)
    except FileNotFoundError as error:
        tap.skip("the Matrix API", f"NOT RUN: the specification's OpenAPI files are not here ({error}); name their folder with --schemas")
        return
    there = operations.probe(known)
    document = bundle.bundle(options.schemas, [one for one in known.all if there[one.name]])
    server = Torg("conformance.example", SETTINGS)
    try:
        server.start()
        tell(tap, "Matrix", run(server, "matrix", document, options, folder))
        tap.line("Matrix: the server lives", [] if server.process.poll() is None else [server.logged()[-4000:]])
    finally:
        server.kill()
        server.remove()


def main() -> int:
    options, tap = arguments(), Tap()
    with tempfile.TemporaryDirectory(prefix="torg-schemathesis-") as folder:
        own(tap, options, folder)
        matrix(tap, options, folder)
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
