"""How Schemathesis asks: as somebody, mostly about what exists; and what every answer must keep to besides its schema.

Loaded by Schemathesis. $TORG_TEST_URL, $TORG_TEST_SECRET and $TORG_TEST_INHABITANTS say whom to ask and as whom.
"""

import os
import pathlib
import random
import re
import sys
import typing
import zlib

import schemathesis
from schemathesis.core.failures import Failure

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from inhabitants import INHABITANTS, Known, quoted  # noqa: E402 - beside this file, which Schemathesis loads by its name
from wrong_files import is_the_files_fault  # noqa: E402

KNOWN_SHARE = 0.7  # of the values whose name says that they name something
LONGEST_POLL_MS = 20
ERRCODE = re.compile(r"M_[A-Z0-9_]+|ORG\.(TORG|MATRIX)\.[A-Z0-9_.]+")
URL = os.environ["TORG_TEST_URL"]
lived = INHABITANTS[os.environ["TORG_TEST_INHABITANTS"]](int(URL.rpartition(":")[2]), os.environ["TORG_TEST_SECRET"])


def name_of(case: schemathesis.Case) -> str:
    return case.operation.definition.raw.get("operationId", "")


def with_known(value: typing.Any, known: Known, chance: random.Random) -> typing.Any:
    """The same with most of what names something replaced by what is there."""
    if isinstance(value, list):
        return [with_known(one, known, chance) for one in value]
    if not isinstance(value, dict):
        return value
    return {key: known_one(one, known[key], chance) if known.get(key) and chance.random() < KNOWN_SHARE else with_known(one, known, chance)
            for key, one in value.items()}  # fmt: skip


def known_one(value: typing.Any, real: list, chance: random.Random) -> typing.Any:
    one = chance.choice(real)
    return [one] if isinstance(value, list) and not isinstance(one, list) else one


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict) -> None:
    chance = random.Random(zlib.crc32(repr((name_of(case), case.path_parameters, case.query, case.body)).encode()))
    account, known = lived.ready(name_of(case), case.operation.full_path, chance)
    in_paths = {name: [quoted(str(one)) for one in real] for name, real in known.items()}  # as what is generated is
    case.path_parameters = with_known(case.path_parameters, in_paths, chance)
    case.query = with_known(case.query, known, chance)
    if isinstance(case.body, dict | list):
        case.body = with_known(case.body, known, chance)
    if "timeout" in (case.query or {}):
        case.query["timeout"] = LONGEST_POLL_MS
    case.headers["Authorization"] = f"Bearer {account.token}"


@schemathesis.hook
def after_call(context: schemathesis.HookContext, case: schemathesis.Case, response: schemathesis.Response) -> None:
    lived.answered(name_of(case), case.operation.full_path, response.status_code)


@schemathesis.hook
def filter_failure(context: object, failure: Failure, case: schemathesis.Case, response: schemathesis.Response) -> bool:
    return not is_the_files_fault(name_of(case), f"{failure.title}\n{failure.message}")


@schemathesis.check
def says_as_the_specification(context: object, response: schemathesis.Response, case: schemathesis.Case) -> None:
    """A good answer has a status that is listed; any other is an error in the specification's form."""
    if case.method.upper() != case.operation.method.upper():
        return  # tried on purpose; OPTIONS is answered for browsers, which the specification describes in prose
    if response.status_code < 400:
        listed = case.operation.definition.raw["responses"]
        assert str(response.status_code) in listed or "default" in listed, f"{response.status_code} is not listed: {', '.join(listed)}"
        return
    answer = response.json()
    if response.status_code == 401 and "flows" in answer:
        return
    assert ERRCODE.fullmatch(answer["errcode"]), f"errcode {answer['errcode']}"
    assert isinstance(answer["error"], str) and answer["error"], "an error without a sentence"
