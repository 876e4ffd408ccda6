"""An interaction is answered: at once where the answer is there, else deferred and then edited in.

Rules of this file:
- nothing raises: discord.py would only log it, and the person would see "This interaction failed";
- every press is answered with its own fresh token, so a private session can go on for hours;
- what Discord says was answered already (a second delivery, another process, a retry that had landed) is let be.
"""

import asyncio
import hashlib
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import discord

from bot import actions, wording
from bot.actions import Action
from bot.adapter import Act, Media
from bot.forms import File
from bot.markdown import escape
from bot.messages import Audience, Message, Text

from . import failures, forms, limits, parse, render, suggesting
from .parse import Interaction, Upload
from .screen import Screen

log = logging.getLogger("flashmob.discord")
TOO_LARGE = f"That file is larger than {limits.DECK_BYTES // 1024**2} MB, so it was not read. Nothing was changed."
NOT_FETCHED = "That file could not be fetched from Discord, so nothing was changed. Try again."


async def answer(interaction: Interaction, act: Act, media: Media) -> None:
    """Do what is asked and show what is said. Never raises, but for being cancelled."""
    if interaction.type is discord.InteractionType.autocomplete:
        return await suggesting.suggest(interaction, act)
    try:
        await _answer(interaction, act, media)
    except Exception as error:
        await _apologise(interaction, error)


async def _answer(interaction: Interaction, act: Act, media: Media) -> None:
    asked = parse.asked(interaction)
    reply = Reply(interaction, media)
    deferring: list[asyncio.Task[None]] = []
    patience_s = limits.FORM_AFTER_S if isinstance(asked, actions.OpenForm) else limits.ANSWER_AFTER_S
    timer = asyncio.get_running_loop().call_later(
        patience_s, lambda: deferring.append(asyncio.create_task(reply.defer()))
    )
    try:
        messages = await _do(interaction, asked, act)
    finally:
        timer.cancel()
        for deferred in deferring:
            await deferred
    for message in messages:
        await reply.show(message)
    await reply.finish()


async def _do(interaction: Interaction, asked: Action | Upload, act: Act) -> list[Message]:
    if not isinstance(asked, Upload):
        return await act(parse.request(interaction, asked))
    if asked.file.size > limits.DECK_BYTES:
        return [_said(TOO_LARGE)]
    try:
        data = await asked.file.read()
    except failures.KNOWN:
        log.warning("a deck file could not be fetched", exc_info=True)
        return [_said(NOT_FETCHED)]
    return await act(parse.request(interaction, asked.action(File(asked.file.filename, data))))


def _said(sentence: str) -> Message:
    return Message((Text(escape(sentence)),), sentence)


@dataclass(slots=True)
class Reply:
    """The answer to one interaction: its first message, and those that follow."""

    interaction: Interaction
    media: Media
    waiting: bool = False
    """Deferred with a message of its own ("thinking"), which the first answer takes the place of."""
    answered: bool = False
    """By another process, or by an attempt of ours that had arrived all the same."""
    deferred: bool = False
    """By an attempt that had arrived all the same, so that the library does not know of it."""

    @property
    def _in_private(self) -> bool:
        """Whether what was pressed is seen by one person alone."""
        pressed = self.interaction.message
        return pressed is not None and (pressed.flags.ephemeral or self.interaction.guild_id is None)

    def _ephemeral(self, message: Message) -> bool:
        """In direct messages everything is private, and what stays there is not lost when the app is closed."""
        return message.audience is Audience.ONLY_YOU and self.interaction.guild_id is not None

    async def defer(self) -> None:
        """On a private screen silently, since it will be edited; elsewhere with a private "thinking"."""
        self.waiting = not self._in_private
        quietly = {} if self._in_private else {"ephemeral": self.interaction.guild_id is not None, "thinking": True}
        try:
            await self.interaction.response.defer(**quietly)
        except discord.HTTPException as error:
            if error.code != failures.ALREADY_ANSWERED:
                raise
            self.deferred = True

    @property
    def _begun(self) -> bool:
        return self.deferred or self.interaction.response.is_done()

    async def show(self, message: Message) -> None:
        if self.answered:
            return
        if message.form and not self._begun:
            await self._answers(self.interaction.response.send_modal(forms.sheet(message.form)))
            return
        message = forms.again(message.form) if message.form else message
        view = await render.drawn(message, self.media)
        replaces = message.replaces and self._in_private
        if not self._begun:
            await self._first(view, replaces=replaces, ephemeral=self._ephemeral(message))
        elif self.waiting:
            await self._instead(view, message)
        elif replaces:
            await self.interaction.edit_original_response(**view.edits)
        else:
            await self.interaction.followup.send(**view.parts, ephemeral=self._ephemeral(message))

    async def _first(self, view: Screen, *, replaces: bool, ephemeral: bool) -> None:
        if replaces:
            await self._answers(self.interaction.response.edit_message(**view.edits))
        else:
            await self._answers(self.interaction.response.send_message(**view.parts, ephemeral=ephemeral))

    async def _answers(self, sending: Coroutine[Any, Any, Any]) -> None:
        try:
            await sending
        except discord.HTTPException as error:
            if error.code != failures.ALREADY_ANSWERED:
                raise
            self.answered = True

    async def _instead(self, view: Screen, message: Message) -> None:
        """In the place of "thinking", which only its asker sees.

        What all may see needs a message of its own, and Discord takes the first one that follows for the one that was
        waited for; so that one is filled, and taken away afterwards.
        """
        self.waiting = False
        await self.interaction.edit_original_response(**view.edits)
        if message.audience is Audience.EVERYONE and self.interaction.guild_id is not None:
            await self.interaction.followup.send(**(await render.drawn(message, self.media)).parts)
            await self.interaction.delete_original_response()

    async def finish(self) -> None:
        """Where there was nothing to say, nothing stays on the screen."""
        if self.waiting:
            await self.interaction.delete_original_response()
        elif not (self.answered or self._begun):
            await self.defer()
            if self.waiting:
                await self.interaction.delete_original_response()


async def _apologise(interaction: Interaction, error: Exception) -> None:
    """Say so, as far as it can be said."""
    reference = hashlib.sha256(f"discord:{interaction.id}".encode()).hexdigest()[:4]
    age_s = (discord.utils.utcnow() - interaction.created_at).total_seconds()
    log.error("reference %s: a press was not answered, %.1f s after it", reference, age_s, exc_info=error)
    if getattr(error, "code", 0) == failures.TOO_LATE:
        return  # what was asked is saved; nobody can be told, and pressing again shows it
    try:
        await _say(interaction, render.screen(_said(wording.went_wrong(reference))))
    except failures.KNOWN as again:
        log.warning("reference %s: nor could that be said: %s", reference, again)


async def _say(interaction: discord.Interaction[Any], view: Screen) -> None:
    if interaction.response.is_done():
        await interaction.followup.send(**view.parts, ephemeral=True)
    else:
        await interaction.response.send_message(**view.parts, ephemeral=True)
