"""Slack's own schemas, where they are at hand: every body that reaches the double is held against them."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator

FOLDER = Path(os.environ.get("FLASHMOB_CONTRACTS") or Path(__file__).parents[5] / "shared/contracts")
ARGUMENTS = {
    "chat.postMessage": "ChatPostMessageArguments",
    "chat.update": "ChatUpdateArguments",
    "reactions.add": "ReactionsAddArguments",
    "views.open": "ViewsOpenArguments",
    "views.publish": "ViewsPublishArguments",
}


def present() -> bool:
    return (FOLDER / "slack-block-kit.generated.schema.json").is_file()


@cache
def _validator(file: str, name: str) -> Draft7Validator:
    definitions = json.loads((FOLDER / file).read_text(encoding="utf-8"))["definitions"]
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": definitions})


def problems(kind: str, body: object) -> list[str]:
    """What is wrong with a body of this kind ("Blocks", "Modal", "Home"); nothing where there are no schemas."""
    return _problems("slack-block-kit.generated.schema.json", kind, body)


def problems_of_call(method: str, arguments: dict[str, Any]) -> list[str]:
    known = ARGUMENTS.get(method)
    return _problems("slack-web-api-args.generated.schema.json", known, arguments) if known else []


def _problems(file: str, name: str, body: object) -> list[str]:
    if not present() or _validator(file, name).is_valid(body):
        return []
    return [f"{name} {each.instance_path}: {each.message[:200]}" for each in _validator(file, name).iter_errors(body)]
