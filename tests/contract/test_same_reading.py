from __future__ import annotations

from pathlib import Path

import pytest

from bot import names
from bot.commands.evaluate import messages
from bot.commands.read import public
from bot.rasa.agent import load_agent
from bot.rasa.quiet import hush
from bot.reading.intents import intent_of
from bot.reading.reader import Reader
from bot.reading.values import Reading

# Every 60th message of the training data: all kinds of intent, in the order of the files.
SAMPLE = messages()[::60]


@pytest.mark.parametrize("number", range(len(SAMPLE)))
async def test_the_bot_reads_as_the_read_command_does(number: int, agent_parse, reader: Reader) -> None:  # type: ignore[no-untyped-def]
    text = SAMPLE[number].text
    parsed = await agent_parse(text)
    mine = reader.read(text)
    assert public(Reading.from_json(parsed["reading"])) == public(mine)
    assert parsed["intent"]["name"] == intent_of(text, mine)[0]
    assert parsed["intent"]["name"] in names.INTENTS


@pytest.fixture(scope="module")
def agent_parse(trained_model: Path):  # type: ignore[no-untyped-def]
    hush()
    return load_agent(trained_model).parse_message
