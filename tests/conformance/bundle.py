"""The specification's OpenAPI files as one document: paths from the root, references into the document itself."""

import pathlib
import re
import typing
import urllib.parse

import yaml

import openapi

PARTS = ("parameters", "responses", "headers", "requestBodies")  # of `components`: what is no schema


def bundle(schemas: pathlib.Path, operations: typing.Iterable[openapi.Operation]) -> dict:
    """A document with these operations. Of two with one method and path it has the first: a document can't say both."""
    reader = Reader()
    paths: dict[str, dict] = {}
    for operation in operations:
        file = schemas / "api/client-server" / operation.file
        methods = paths.setdefault(operation.path, {})
        if operation.method.lower() not in methods:
            methods[operation.method.lower()] = reader.resolved(reader.operation(file, operation.name), file)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Matrix client-server API", "version": "bundled"},
        "paths": paths,
        "components": {"schemas": reader.schemas, "securitySchemes": {"accessTokenBearer": {"type": "http", "scheme": "bearer"}}},
    }


class Reader:
    """Reads files once. A reference to a schema becomes one into `schemas`; one to anything else is replaced by that."""

    def __init__(self) -> None:
        self.schemas: dict[str, object] = {}
        self.files: dict[pathlib.Path, dict] = {}

    def operation(self, file: pathlib.Path, name: str) -> dict:
        methods = (one for methods in self.file(file)["paths"].values() for one in methods.values())
        return next(one for one in methods if one.get("operationId") == name)

    def file(self, path: pathlib.Path) -> dict:
        if path not in self.files:
            self.files[path] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return self.files[path]

    def resolved(self, node: object, file: pathlib.Path) -> typing.Any:
        if isinstance(node, list):
            return [self.resolved(one, file) for one in node]
        if not isinstance(node, dict):
            return node
        rest = {str(key): self.resolved(value, file) for key, value in node.items() if key != "$ref" and not is_unusable(key, value)}
        if isinstance(target := node.get("$ref"), str):
            return {**self.target(target, file), **rest}
        return rest

    def target(self, reference: str, file: pathlib.Path) -> dict:
        """What stands for a reference in that file."""
        path, _, pointer = reference.partition("#")
        there = (file.parent / urllib.parse.unquote(path)).resolve() if path else file
        keys = pointer.strip("/").split("/") if pointer else []
        node: typing.Any = self.file(there)
        for key in keys:
            node = node[key]
        if len(keys) > 1 and keys[1] in PARTS:
            return self.resolved(node, there)
        name = re.sub(r"\W+", "_", "_".join([*there.with_suffix("").parts[-3:], *keys]))
        if name not in self.schemas:
            self.schemas[name] = {}  # a schema may refer to itself
            self.schemas[name] = self.resolved(node, there)
        return {"$ref": f"#/components/schemas/{name}"}


def is_unusable(key: str, value: object) -> bool:
    """Examples with references: these follow rules of the specification's own tools."""
    return key in ("example", "examples") and "'$ref'" in repr(value)
