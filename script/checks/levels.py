"""Checks that every slice of server/ includes only what its level allows.

A slice may include slices of a lower level, and itself. Within a level nothing may be included, except along the
arrows of ARROWS. Tests, and benches, may also include testing/.
"""

import pathlib
import re
import sys

LEVELS = [
    ["base"],
    ["crypto", "runtime"],
    ["db", "net"],
    ["matrix/event", "matrix/auth", "matrix/stateres", "matrix/registration", "identity"],
    ["matrix/room", "matrix/delayed", "matrix/app_service", "matrix/sync", "matrix/sliding_sync", "matrix/search"],
    ["matrix/media", "matrix/federation", "matrix/client_api"],
    ["governance"],
    ["records"],
    ["administration"],
    ["channels", "documents", "meetings", "mail", "assistant"],
    ["portal"],
    ["app"],
    ["testing"],
    ["simulation"],
]
ARROWS = [
    ["matrix/event", "matrix/auth", "matrix/stateres"],
    ["matrix/event", "identity"],  # the grammar of user ids
    ["matrix/registration", "identity"],
    ["matrix/room", "matrix/delayed"],
    ["matrix/room", "matrix/sync", "matrix/app_service"],
    ["matrix/room", "matrix/sync", "matrix/sliding_sync", "matrix/search"],
    ["matrix/media", "matrix/federation", "matrix/client_api"],
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
SERVER = pathlib.Path(__file__).resolve().parents[2] / "server"


def slice_of(path: str) -> str | None:
    """The slice that a path below server/ belongs to."""
    parts = path.split("/")
    for length in (2, 1):
        name = "/".join(parts[:length])
        if len(parts) > length and name in LEVEL:
            return name
    return None


def allowed(source: str, target: str, test_code: bool) -> bool:
    if source == target or LEVEL[target] < LEVEL[source]:
        return True
    if test_code and target == "testing":
        return True
    return any(
        source in arrow and target in arrow and arrow.index(target) < arrow.index(source) for arrow in ARROWS
    )


def faults_of(file: pathlib.Path) -> list[str]:
    name = file.relative_to(SERVER).as_posix()
    source = slice_of(name)
    if source is None:
        return [f"server/{name}: this folder has no level; give it one in script/checks/levels.py"]
    test_code = file.stem.endswith(("_test", "_bench", "_fuzz")) or "/testing/" in f"/{name}"
    text = file.read_text()
    faults = []
    for match in INCLUDE.finditer(text):
        target = slice_of(match[1])
        if target is not None and not allowed(source, target, test_code):
            line = text.count("\n", 0, match.start(1)) + 1
            faults.append(f'server/{name}:{line}: {source} may not include "{match[1]}" ({target} is not below it)')
    return faults


def main() -> int:
    files = sorted(f for kind in ("cpp", "hpp", "ipp", "c", "h") for f in SERVER.rglob(f"*.{kind}"))
    faults = [fault for file in files for fault in faults_of(file)]
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
