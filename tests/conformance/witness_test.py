#!/usr/bin/env python3
"""What the server answers matrix-js-sdk and matrix-nio (tests/interop) has the schema that the specification gives it.

    TORG_BINARY=… witness_test.py [--schemas DIR]

One test per operation that these clients used; where the specification's files are not, none. Prints TAP.
"""

import argparse
import os
import pathlib
import secrets
import subprocess
import sys

import bundle
import openapi
import operations
import witness

from harness import torg
from harness.tap import Tap

INTEROP = pathlib.Path(__file__).resolve().parents[1] / "interop"
NODE = ["node", "--test", "--test-force-exit", "--test-concurrency=1"]
JS_SDK = ["encryption", "history", "js_sdk"]
CLIENTS_LIMIT_S = 240


def let_clients_ask(url: str, secret: str) -> list[str]:
    """@return the clients whose tests failed"""
    environment = {**os.environ, "INTEROP_URL": url, "INTEROP_SECRET": secret}
    nio = [sys.executable, str(INTEROP / "nio_test.py")]
    sdk = [*NODE, *(str(INTEROP / f"{name}.test.mjs") for name in JS_SDK)]
    failed = []
    for name, command in {"matrix-nio": nio, "matrix-js-sdk": sdk}.items():
        done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=CLIENTS_LIMIT_S)
        if done.returncode:
            failed.append(f"{name}: {(done.stdout + done.stderr)[-2000:]}")
    return failed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    operations.add_schemas(parser)
    options, tap = parser.parse_args(), Tap()
    try:
        known = openapi.read(options.schemas)
    except FileNotFoundError as error:
        tap.skip("answers to other people's clients", f"NOT RUN: the specification's OpenAPI files are not here ({error})")
        return tap.end()
    document = bundle.bundle(options.schemas, known.all)
    secret = secrets.token_hex(16)
    settings = [f"registration_shared_secret={secret}", "public_read_receipts=on"]
    with torg.running("witness.example", settings) as server:
        with witness.Witness(server.url, document, known) as between:
            tap.line("the clients' own tests pass", let_clients_ask(between.url, secret))
    for name, count in sorted(between.seen.items()):
        tap.line(f"{name}: {count} answers have their schema", sorted(between.faults[name]))
    return tap.end()


if __name__ == "__main__":
    sys.exit(main())
