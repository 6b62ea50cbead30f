"""Nothing is promised in a channel that could not keep it: a page's session ends after a day."""

from __future__ import annotations

import pytest

from bot import names
from bot.safety.checks import Question
from bot.scripts.stage import Stage
from bot.store.store import shared_store

PULSE = ["check the pulse", "7", "5", "4", "/skip_step"]


@pytest.mark.parametrize(("channel", "asked"), [("web", False), ("console", True)])
async def test_a_weekly_look_is_offered_only_where_it_would_come(stage: Stage, channel: str, asked: bool) -> None:
    with stage.conversation("ann", channel=channel) as conversation:
        await conversation.begin({names.SLOT_ASKED: [Question.FIRST.value]})
        heard = [await conversation.hear(text) for text in PULSE]
        assert heard[0].cards[0].bubbles[0].part == "opening"
        last = heard[-1].cards[0]
        assert any(button.payload.startswith('/answer{"value":"pulse.weekly:') for button in last.buttons) is asked
        assert any(bubble.part == "pulse_chart" for bubble in last.bubbles) is not asked
        assert len(shared_store().check_ins("ann")) == (0 if asked else 3)
