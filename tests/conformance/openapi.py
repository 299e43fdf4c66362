"""The operations of the client-server API, from the specification's OpenAPI files."""

import dataclasses
import pathlib
import re
import urllib.parse

import yaml

METHODS = ("get", "put", "post", "delete", "patch", "head")
# What stands for a path parameter in a probe: valid where the specification limits it, nobody's anywhere else.
EXAMPLES = {
    "userId": "@nobody:conformance.example",
    "roomId": "!nothing:conformance.example",
    "roomIdOrAlias": "!nothing:conformance.example",
    "roomAlias": "#nothing:conformance.example",
    "eventId": "$nothing",
    "relType": "m.thread",
    "receiptType": "m.read",
    "kind": "override",
    "protocol": "irc",
    "keyName": "org.example.key",
}
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclasses.dataclass(frozen=True)
class Operation:
    """One operation; `path` is a template from the root, such as `/_matrix/client/v3/rooms/{roomId}/join`."""

    name: str
    method: str
    path: str
    file: str
    tag: str
    deprecated: bool

    def example(self) -> str:
        """A path that the template matches and that names nothing that exists."""
        return PARAMETER.sub(lambda part: urllib.parse.quote(EXAMPLES.get(part[1], "nothing"), safe=""), self.path)


class Operations:
    """All of them, in the order of their paths, and the way back from a request to its operation."""

    def __init__(self, found: list[Operation]) -> None:
        self.all = sorted(found, key=lambda one: (one.tag, one.path, one.method))
        # The template with the fewest parameters first: `/profile/{userId}/displayname` is a path of its own.
        by_parameters = sorted(self.all, key=lambda one: (one.path.count("{"), one.path))
        self._patterns = [(one.method, re.compile(PARAMETER.sub("[^/]+", one.path)), one) for one in by_parameters]

    def of(self, method: str, path: str) -> Operation | None:
        """The operation that a request is, or None: then the specification has none for it."""
        for its_method, pattern, operation in self._patterns:
            if its_method == method and pattern.fullmatch(path):
                return operation
        return None


def read(schemas: pathlib.Path) -> Operations:
    """Reads `api/client-server` below the specification's data folder. A missing folder is a FileNotFoundError."""
    folder = schemas / "api/client-server"
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise FileNotFoundError(f"no OpenAPI files in {folder}")
    return Operations([operation for file in files for operation in read_file(file)])


def read_file(file: pathlib.Path) -> list[Operation]:
    document = yaml.safe_load(file.read_text())
    base = document["servers"][0]["variables"]["basePath"]["default"]
    return [
        Operation(
            name=operation["operationId"],
            method=method.upper(),
            path=(base + path).rstrip(),  # a space at its end tells an operation from another of the same path
            file=file.name,
            tag=operation.get("tags", ["Other"])[0],
            deprecated=operation.get("deprecated", False),
        )
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
