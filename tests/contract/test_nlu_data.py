"""The training messages: enough of them, of many writers, labelled as the guide says, and no two the same."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from bot.commands.evaluate import messages
from bot.reading.cues import CUES
from bot.reading.train import EVERYDAY
from bot.reading.values import Actor, PartnerMove, Safety, Side

TOLD = [message for message in messages() if message.intent not in EVERYDAY]


def test_there_are_enough_messages_of_many_writers() -> None:
    writers = Counter(message.writer for message in TOLD)
    assert len(TOLD) >= 4000
    assert len(writers) >= 300
    assert "" not in writers
    assert max(writers.values()) <= 0.02 * len(TOLD), "one voice must not be all that is learned"


def test_both_partners_moves_are_told_in_many() -> None:
    assert sum(message.actor == "both" for message in TOLD) >= 800


@pytest.mark.parametrize("cue", CUES)
def test_every_cue_has_messages_of_many_writers(cue: str) -> None:
    of_cue = [message for message in TOLD if message.cue == cue]
    assert len(of_cue) >= 40
    assert len({message.writer for message in of_cue}) >= 12


def test_labels_agree_with_one_another() -> None:
    """Whose move is told follows from the two moves, but for words to or from the partner, and danger without a move."""
    wrong = []
    for message in TOLD:
        side, actor, partner = Side(message.side), Actor(message.actor), PartnerMove(message.partner)
        if Safety(message.safety) is not Safety.NONE or actor in (Actor.DRAFT, Actor.RECEIVED):
            continue
        own, other = side is not Side.NEITHER, partner is not PartnerMove.NONE
        expected = {(True, True): Actor.BOTH, (True, False): Actor.SELF, (False, True): Actor.PARTNER}.get(
            (own, other), Actor.NONE
        )
        if actor is not expected:
            wrong.append(f"{message.side}/{message.partner} but {message.actor}: {message.text}")
    assert len(wrong) <= 0.01 * len(TOLD), "\n".join(wrong)


def test_no_message_stands_twice() -> None:
    seen = Counter(" ".join(message.text.lower().split()) for message in messages())
    assert [text for text, count in seen.items() if count > 1] == []


def test_no_two_messages_are_all_but_the_same() -> None:
    """Runs of letters in common; what means the same in other words is found by tools/encoder/near_duplicates.py."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [message.text for message in TOLD]
    rows = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit_transform(texts)
    near = []
    for begin in range(0, len(texts), 500):
        part = (rows[begin : begin + 500] @ rows.T).toarray()
        for one, other in zip(*np.where(part > 0.9), strict=True):
            if begin + one < other:
                near.append(f"{texts[begin + one]}\n  {texts[other]}")
    assert near == []
