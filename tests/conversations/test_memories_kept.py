"""What the scripts cannot show: what stands in the database, with and without consent, and where danger comes between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import names
from bot.safety.checks import Question
from bot.scripts.stage import Stage
from bot.store.store import shared_store

if TYPE_CHECKING:
    from bot.rasa.agent import Conversation

ASKED = {names.SLOT_ASKED: [Question.FIRST.value]}
PRACTISED = [
    "ive texted my girlfriend Ana five times and she went quiet",
    '/start_practice{"value":"long_out_breath"}',
    "8",
    "/practice_done",
    "5",
]


def kept(person: str) -> dict[str, object] | None:
    found = shared_store().memories(person)
    return None if found is None else {one.key: one.value for one in found}


async def say(conversation: Conversation, *said: str) -> None:
    for text in said:
        await conversation.hear(text)


async def test_without_consent_nothing_stands_in_the_database_of_memories(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, *PRACTISED, "i rang him six times since he walked out")
        assert kept("ann") is None and shared_store().export("ann")["memories"] == {}
        await say(conversation, '/remember{"value":"no"}', "i rang him six times since he walked out")
        assert shared_store().export("ann")["memories"] == {}
        slots = (await conversation.hear("hello")).slots
        assert slots[names.SLOT_MEMORY]["facts"] == {}, "after a no it is not noticed either"


async def test_consent_keeps_what_this_conversation_noticed_and_an_erase_takes_it_all(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, *PRACTISED, '/remember{"value":"yes"}')
        facts = {"side": {"pursue": 1}, "partner_move": {"withdraw": 1}, "helped": {"long_out_breath": [1, 1]}, "names": ["Ana"]}
        assert kept("ann") == facts
        slots = (await conversation.hear("hello")).slots
        assert slots[names.SLOT_MEMORY]["facts"] == {}, "it stands in one place only"
        await say(conversation, '/remember{"value":"no"}')
        assert shared_store().export("ann")["memories"] == {}
        await say(conversation, '/remember{"value":"yes"}', "my wife Zoë went quiet again")
        assert kept("ann")
        shared_store().erase("ann")
        assert kept("ann") is None


async def test_what_waited_for_a_safety_question_is_not_kept_when_the_answer_tells_of_danger(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await say(conversation, '/remember{"value":"yes"}', "my husband Marcus went quiet and i texted him nine times", "yes")
        assert shared_store().lock_of("ann").closed
        assert kept("ann") == {}
    with stage.conversation("ben") as conversation:
        await say(conversation, '/remember{"value":"yes"}', "my husband Marcus went quiet and i texted him nine times", "no")
        assert kept("ben") == {"side": {"pursue": 1}, "partner_move": {"withdraw": 1}, "names": ["Marcus"]}


async def test_under_a_lock_nothing_is_learnt_shown_or_changed(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, *PRACTISED, '/remember{"value":"yes"}')
        before = kept("ann")
        await say(conversation, "my husband Marcus choked me last night", "his name is Lee", "/know", '/forget{"value":"all"}')
        assert kept("ann") == before


async def test_two_people_are_two_memories(stage: Stage) -> None:
    from bot.rasa.agent import Conversation

    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, *PRACTISED, '/remember{"value":"yes"}')
        other = Conversation(conversation.agent, sender="ben")
        heard = await other.hear("/know")
        assert "Ana" not in " ".join(bubble.text for card in heard.cards for bubble in card.bubbles)
        assert kept("ben") is None


async def test_an_answer_filled_in_from_memory_can_be_changed_and_the_change_is_learnt(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, "/start_soften", "you never listen to me, answer me now", '/answer{"value":"goes_quiet"}')
        await say(conversation, '/answer{"value":"1"}', '/remember{"value":"yes"}')
        assert kept("ann") == {"partner_move": {"told": "withdraw"}}
        first = await conversation.hear("/start_soften")
        assert "memory_filled_in" in [bubble.part for bubble in first.cards[-1].bubbles]
        offered = await conversation.hear("why do you always ignore me? call me now")
        assert "Change my last answer" in [button.title for button in offered.cards[-1].buttons], "it was not asked again"
        asked = await conversation.hear("/change_last")
        assert "Goes quiet or leaves" in [button.title for button in asked.cards[-1].buttons]
        await say(conversation, '/answer{"value":"comes_at_me"}', '/answer{"value":"2"}')
        assert kept("ann") == {"partner_move": {"told": "pursue"}}


async def test_only_two_numbers_of_the_same_try_tell_that_it_helped(stage: Stage) -> None:
    with stage.conversation("ann") as conversation:
        await conversation.begin(ASKED)
        await say(conversation, '/remember{"value":"yes"}', *PRACTISED[1:], '/start_practice{"value":"long_out_breath"}', "skip")
        await say(conversation, '/check_in{"value":"skip"}', "/practice_done", "2")
        assert kept("ann") == {"helped": {"long_out_breath": [1, 1]}}
