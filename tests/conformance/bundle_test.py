"""The specification's files become one document: what is told of an operation there is told here."""

import pathlib
import sys
import tempfile

import yaml

import bundle
import openapi
from evidence_test import same
from harness.tap import Tap

ROOM = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "room.yaml"}}}}
OPERATION = {
    "operationId": "getRoom",
    "parameters": [{"$ref": "#/components/parameters/id"}],
    "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "definitions/room.yaml"}, "example": {"$ref": "nowhere.yaml"}}}}},
}
FILE = {
    "servers": [{"variables": {"basePath": {"default": "/_matrix/client/v3"}}}],
    "paths": {"/room/{id}": {"get": OPERATION}, "/room/{id} ": {"get": {**OPERATION, "operationId": "getRoomAgain"}}},
    "components": {"parameters": {"id": {"in": "path", "name": "id"}}},
}


def bundled() -> dict:
    with tempfile.TemporaryDirectory() as schemas:
        folder = pathlib.Path(schemas, "api/client-server")
        (folder / "definitions").mkdir(parents=True)
        (folder / "rooms.yaml").write_text(yaml.safe_dump(FILE))
        (folder / "definitions/room.yaml").write_text(yaml.safe_dump(ROOM))
        return bundle.bundle(pathlib.Path(schemas), openapi.read(pathlib.Path(schemas)).all)


def a_path_begins_at_the_root_and_is_there_once() -> None:
    found = bundled()["paths"]
    same(list(found), ["/_matrix/client/v3/room/{id}"])
    same(found["/_matrix/client/v3/room/{id}"]["get"]["operationId"], "getRoom")


def a_reference_leads_into_the_document_or_is_replaced() -> None:
    operation = bundled()["paths"]["/_matrix/client/v3/room/{id}"]["get"]
    same(operation["parameters"], [{"in": "path", "name": "id"}])
    same(list(operation["responses"]["200"]["content"]["application/json"]), ["schema"])
    reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    same(reference.rpartition("/")[0], "#/components/schemas")


def a_schema_may_refer_to_itself() -> None:
    ((name, schema),) = bundled()["components"]["schemas"].items()
    same(schema["properties"]["children"]["items"]["$ref"], f"#/components/schemas/{name}")


if __name__ == "__main__":
    sys.exit(Tap().tell_each(
        a_path_begins_at_the_root_and_is_there_once, a_reference_leads_into_the_document_or_is_replaced, a_schema_may_refer_to_itself,
    ))  # fmt: skip
