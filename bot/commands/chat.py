"""``middle-ground chat``: the same agent in this terminal, in colour, with quick replies by number."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from bot.channels.commands import typed as command
from bot.channels.console import render
from bot.guidance.say import line_bubble
from bot.guidance.values import Button, Card
from bot.rasa.quiet import hush

if TYPE_CHECKING:
    from bot.rasa.agent import Conversation
    from bot.store.values import Reminder

QUIT = frozenset({"/quit", "/exit", "/q"})
_PROMPT = "[bold]> [/bold]"


def chat(*, sender: str | None = None, console: Console | None = None) -> int:
    """Talk until /quit or the end of input. Returns 0."""
    console = console or Console(highlight=False)
    with console.status(_line("chat_loading")):
        hush()
        from bot.rasa.agent import Conversation, load_agent

        conversation = Conversation(load_agent(), sender=f"console:{sender}" if sender else None)
    console.print(_line("chat_opening"), style="dim")
    asyncio.run(_talk(conversation, console))
    console.print(_line("chat_closing"), style="dim")
    return 0


async def _talk(conversation: Conversation, console: Console) -> None:
    from bot.rasa.reminders import Reminders
    from bot.store.store import shared_store

    screen = Screen(conversation.sender, console)
    reminders = Reminders(conversation.agent, shared_store(), screen)
    screen.show((await conversation.hear("/greet")).cards)
    reminders.start()
    try:
        while True:
            typed = await asyncio.to_thread(_ask, console)
            if typed is None or typed.strip().lower() in QUIT:
                return
            screen.show((await conversation.hear(sent(typed, screen.buttons))).cards)
    finally:
        await reminders.close()


class Screen:
    """What is on the terminal; a reminder comes in between (`bot.rasa.reminders.Way`). *buttons*: those that a number presses."""

    def __init__(self, sender: str, console: Console) -> None:
        self.senders = sender
        self.buttons: Sequence[Button] = ()
        self._console = console

    def show(self, cards: Sequence[Card]) -> None:
        """Print *cards*."""
        for card in cards:
            self.buttons = card.buttons or self.buttons
            self._console.print(render(card))

    def owns(self, sender_id: str) -> bool:
        """Only the conversation on this terminal."""
        return sender_id == self.senders

    async def open(self, reminder: Reminder) -> bool:
        """Somebody has this terminal before them."""
        return True

    async def bring(self, reminder: Reminder, cards: Sequence[Card], again: datetime | None) -> None:
        """Print *cards* where no other terminal has, and the prompt once more."""
        from bot import clock
        from bot.store.store import shared_store

        if await asyncio.to_thread(shared_store().done_reminder, reminder, again=again, now=clock.now()):
            self.show(cards)
            if sys.stdin.isatty():
                self._console.print(_PROMPT, end="")


def sent(typed: str, buttons: Sequence[Button]) -> str:
    """Return what a typed line sends: a button by its number, a command by its name, else the words themselves.

    On a 0-10 scale a bare number is the person's answer, not a button.
    """
    number = typed.strip()
    if number.startswith("#"):
        number = number[1:]
    elif any(button.payload.startswith("/check_in") for button in buttons):
        number = ""
    if number.isdigit() and 1 <= int(number) <= len(buttons):
        return buttons[int(number) - 1].payload
    return command(typed)


def _line(key: str) -> str:
    return line_bubble(key, said=(), seed="console").text


def _ask(console: Console) -> str | None:
    try:
        return console.input(_PROMPT) if sys.stdin.isatty() else _next_line()
    except (EOFError, KeyboardInterrupt):
        return None


def _next_line() -> str | None:
    typed = sys.stdin.readline()
    return typed.rstrip("\n") if typed else None
