"""Checks that lock files name no registry: each machine's own pip and npm settings say where packages come from."""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked(pattern: str) -> list[pathlib.Path]:
    command = ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "--", pattern]
    listing = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / line for line in listing.splitlines() if (ROOT / line).is_file()]


def npm_faults(file: pathlib.Path) -> list[str]:
    packages = json.loads(file.read_text()).get("packages", {})
    named = [name for name, entry in packages.items() if str(entry.get("resolved", "")).startswith("http")]
    where = file.relative_to(ROOT)
    return [f"{where}: {name} names a registry (omit-lockfile-registry-resolved=true in .npmrc)" for name in named]


def pip_faults(file: pathlib.Path) -> list[str]:
    lines = [line for line in file.read_text().splitlines() if line.startswith("-")]
    return [f"{file.relative_to(ROOT)}: {line}: no index or link belongs here" for line in lines]


def main() -> int:
    faults = [fault for file in tracked("**/package-lock.json") + tracked("*/package-lock.json") for fault in npm_faults(file)]
    faults += [fault for file in tracked("script/python/*.txt") for fault in pip_faults(file)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
