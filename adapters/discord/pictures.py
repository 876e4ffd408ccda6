"""The pictures of a message, at hand before it is drawn: those that are kept, and its formulas."""

from bot import drawing, markdown
from bot.adapter import Media
from bot.drawing import Drawn
from bot.messages import CardSide, Message

from . import limits


async def fetched(message: Message, media: Media) -> Drawn:
    """By what names them: a kept picture's name, or a formula's source. What Discord would not take is left out."""
    sides = [part.markdown for part in message.parts if isinstance(part, CardSide)]
    names = dict.fromkeys(image.media for side in sides for image in markdown.pictures(side) if image.media)
    formulas = await drawing.drawn(source for side in sides for source in drawing.sources(side))
    return {**formulas, **await _kept(list(names)[: limits.FILES], media)}


async def _kept(names: list[str], media: Media) -> Drawn:
    found = {name: await media(name) for name in names}
    return {name: data for name, data in found.items() if data and len(data) <= limits.FILE_BYTES}
