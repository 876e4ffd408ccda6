"""Discord's own description of its bodies, where it is at hand: what was sent and what the double answers must fit.

It is read from `$FLASHMOB_CONTRACTS`, else from shared/contracts beside the checkout; it is not ours to keep.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jsonschema_rs import Draft7Validator, Draft202012Validator, Registry, ValidationError

ROOT = Path(__file__).parents[4]
FOLDER = Path(os.environ.get("FLASHMOB_CONTRACTS") or ROOT.parent / "shared" / "contracts")
MISSING = "" if (FOLDER / "discord-openapi.json").is_file() else f"there is no contract data in {FOLDER.name}"
JSON = "/content/application~1json/schema"
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
    validator = _validator(ref)
    if validator.is_valid(body):  # a hundred times as fast as looking for what is wrong
        return []
    found = [each for each in validator.iter_errors(body) if each.instance_path[-1:] != ["flags"]]
    return [f"{'.'.join(map(str, each.instance_path))}: {each.message[:300]}" for each in map(_closest, found)]


def _closest(problem: ValidationError) -> ValidationError:
    """Of alternatives, what is wrong with the one that fits the furthest."""
    alternatives = [_closest(each) for branch in getattr(problem.kind, "context", ()) for each in branch]
    return max((problem, *alternatives), key=lambda each: len(each.instance_path))


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
def _registry() -> Registry:
    return Registry([("urn:openapi", _open_api_document()), ("urn:gateway", _gateway())])


@cache
def _validator(ref: str) -> Draft7Validator | Draft202012Validator:
    kind = Draft7Validator if ref.startswith("urn:gateway") else Draft202012Validator
    return kind({"$ref": quote(ref, safe=":/#~")}, registry=_registry())


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
