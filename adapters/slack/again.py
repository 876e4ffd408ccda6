"""The same press once more, where Slack would not show its answer: in an ephemeral, which gives a fresh trigger."""

from typing import Any

from bot import buttons
from bot.actions import Action

from . import limits

TOO_LATE = "Slack could not open that in time. What you did is saved. Press again; twice is harmless."
PRESS_AGAIN = "Press again"


def offered(action: Action) -> dict[str, object]:
    """An ephemeral with the same press again, for which Slack gives a new trigger."""
    blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "plain_text", "text": TOO_LATE}}]
    try:
        button = buttons.write(action)
    except (KeyError, TypeError, AssertionError):  # typed words that no button carries
        button = ""
    if 0 < len(button) <= limits.ACTION_ID:
        face = {"type": "button", "action_id": button, "text": {"type": "plain_text", "text": PRESS_AGAIN}}
        blocks.append({"type": "actions", "elements": [face]})
    return {"response_type": "ephemeral", "replace_original": False, "text": TOO_LATE, "blocks": blocks}
