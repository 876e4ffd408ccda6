"""What Discord's own client makes of words typed after a slash: the options of the command, by its definition."""

from .words import Payload

SUBCOMMAND, GROUP, TEXT, WHOLE, ATTACHMENT = 1, 2, 3, 4, 11


def fill(definition: Payload, words: list[str]) -> list[Payload]:
    """Options by name (`deck=rivers`) or by kind: a number goes into a number, the rest into the first text."""
    options: list[Payload] = definition.get("options") or []
    branches = [each for each in options if each["type"] in (SUBCOMMAND, GROUP)]
    branch = next((each for each in branches if words[:1] == [each["name"]]), None)
    if branch:
        return [{"type": branch["type"], "name": branch["name"], "options": fill(branch, words[1:])}]
    found: list[Payload] = []
    left: list[str] = []
    for word in words:
        option = _option_for(word, [each for each in options if each["name"] not in {have["name"] for have in found}])
        if option is None:
            left.append(word)
        else:
            found.append(option)
    text = [each for each in options if each["type"] == TEXT and each["name"] not in {have["name"] for have in found}]
    if left and text:
        found.insert(0, {"type": TEXT, "name": text[0]["name"], "value": " ".join(left)})
    return found


def _option_for(word: str, options: list[Payload]) -> Payload | None:
    name, named, value = word.partition("=")
    for option in options:
        if named and option["name"] == name:
            return {"type": option["type"], "name": name, "value": int(value) if option["type"] == WHOLE else value}
        if option["type"] == WHOLE and word.isdecimal():
            return {"type": WHOLE, "name": option["name"], "value": int(word)}
        choice = [each for each in option.get("choices") or [] if word in (each["name"].lower(), str(each["value"]))]
        if choice:
            return {"type": option["type"], "name": option["name"], "value": choice[0]["value"]}
    return None
