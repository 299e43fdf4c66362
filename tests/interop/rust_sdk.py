"""Builds and runs the program of rust_sdk/ against the server, with two new accounts. The arguments go to cargo."""

import os
import pathlib
import subprocess
import sys
import tempfile

from server import register, running_server

PROGRAM = pathlib.Path(__file__).parent / "rust_sdk" / "Cargo.toml"
SECONDS = 600


def main() -> int:
    cargo = ["cargo", "run", "--quiet", "--locked", "--manifest-path", str(PROGRAM), *sys.argv[1:]]
    subprocess.run([cargo[0], "build", *cargo[2:]], check=True)
    with running_server() as server, tempfile.TemporaryDirectory() as folder:
        surroundings = {"INTEROP_URL": server.url, "INTEROP_FOLDER": folder}
        for name in ("alice", "bob"):
            account = register(server, name)
            surroundings |= {f"{name.upper()}_ID": account.user_id, f"{name.upper()}_PASSWORD": account.password}
        return subprocess.run(cargo, env=os.environ | surroundings, timeout=SECONDS).returncode


if __name__ == "__main__":
    sys.exit(main())
