"""Discord's own description of its bodies, where it is at hand: what was sent and what the double answers must fit.

It is read from `$FLASHMOB_CONTRACTS`, else from shared/contracts beside the checkout; it is not ours to keep.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, Draft202012Validator, ValidationError  # type: ignore[import-untyped]
from jsonschema.exceptions import best_match  # type: ignore[import-untyped]
from referencing import Registry
from referencing.jsonschema import DRAFT7, DRAFT202012

from tests.adapters.shapes import Shapes

ROOT = Path(__file__).parents[4]
FOLDER = Path(os.environ.get("FLASHMOB_CONTRACTS") or ROOT.parent / "shared" / "contracts")
MISSING = "" if (FOLDER / "discord-openapi.json").is_file() else f"there is no contract data in {FOLDER.name}"
JSON = "/content/application~1json/schema"
FREE = {
    "content",
    "custom_id",
    "label",
    "description",
    "global_name",
    "username",
    "nonce",
    "url",
    "proxy_url",
    "filename",
}
"""Texts of which only the length counts."""
_SHAPES = Shapes(FREE, harmless=25)
NOT_DESCRIBED = {"/oauth2/applications/@me"}
"""discord.py asks for the old shape here, which the description does not have any more."""


def request(method: str, path: str, body: object) -> list[str]:
    """What in this body does not fit, in words."""
    return _open_api(method, path, "/requestBody" + JSON, _with_ids(body))


def _with_ids(body: Any) -> Any:
    """Discord takes numbers for ids, and a part's number for the one of a file; its description does not say so."""
    if not isinstance(body, dict):
        return body
    found: dict[str, Any] = {
        key: list(map(_with_ids, each)) if isinstance(each, list) else each for key, each in body.items()
    }
    if found.get("default_values"):
        found["default_values"] = [{**each, "id": str(each["id"])} for each in found["default_values"]]
    if found.get("component"):
        found["component"] = _with_ids(found["component"])
    if found.get("attachments"):
        found["attachments"] = [{**each, "id": str(each["id"])} for each in found["attachments"]]
    if isinstance(found.get("allowed_mentions"), dict):
        found["allowed_mentions"] = {
            kind: list(map(str, whom)) if isinstance(whom, list) else whom
            for kind, whom in found["allowed_mentions"].items()
        }
    if "data" in found:
        found["data"] = _with_ids(found["data"])
    return found


def answer(method: str, path: str, status: int, body: object) -> list[str]:
    if path in NOT_DESCRIBED:
        return []
    return _open_api(method, path, f"/responses/{status}{JSON}", body)


def event(name: str, data: object) -> list[str]:
    """What the gateway tells of; events that are not described fit."""
    words = name.title().replace("_", "")
    if MISSING or f"Gateway{words}DispatchData" not in _gateway()["definitions"]:
        return []
    return _problems(f"urn:gateway#/definitions/Gateway{words}DispatchData", data)


def _open_api(method: str, path: str, part: str, body: object) -> list[str]:
    if MISSING:
        return []
    template = _template(method.lower(), path)
    if template is None:
        return [f"there is no such call: {method} {path}"]
    pointer = f"/paths/{template.replace('~', '~0').replace('/', '~1')}/{method.lower()}{part}"
    if not _is_there(pointer):
        return [] if body is None else [f"{method} {template} has no {part.split('/')[1]} of {part.split('/')[2]}"]
    return _problems(f"urn:openapi#{pointer}", body)


def _problems(ref: str, body: object) -> list[str]:
    if _SHAPES.fitted(ref, body):
        return []
    found = [each for each in _validator(ref).iter_errors(body) if list(each.absolute_path)[-1:] != ["flags"]]
    if not found:
        _SHAPES.remember(ref, body)
    return [_in_words(each) for each in found]


def _in_words(problem: ValidationError) -> str:
    """Where it is and what it is; of alternatives, the one that comes closest."""
    closest = best_match([problem])
    return f"{'.'.join(map(str, closest.absolute_path))}: {closest.message[:300]}"


@cache
def _open_api_document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "discord-openapi.json").read_text(encoding="utf-8"))
    return found


@cache
def _gateway() -> dict[str, Any]:
    text = (FOLDER / "discord-gateway.generated.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _registry() -> "Registry[Any]":
    ours = DRAFT202012.create_resource(_open_api_document())
    gateway = DRAFT7.create_resource(_gateway())
    return Registry[Any]().with_resources([("urn:openapi", ours), ("urn:gateway", gateway)])


@cache
def _validator(ref: str) -> Any:
    kind = Draft7Validator if ref.startswith("urn:gateway") else Draft202012Validator
    return kind({"$ref": ref}, registry=_registry())


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """The fewest placeholders first, so that @original is no message id."""
    paths = sorted(_open_api_document()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)) + "$"), path) for path in paths]


def _template(method: str, path: str) -> str | None:
    paths = _open_api_document()["paths"]
    return next((found for shape, found in _templates() if shape.match(path) and method in paths[found]), None)


@cache
def _is_there(pointer: str) -> bool:
    found: Any = _open_api_document()
    for key in pointer.split("/")[1:]:
        key = key.replace("~1", "/").replace("~0", "~")
        if key not in found:
            return False
        found = found[key]
    return True
