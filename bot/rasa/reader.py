"""The reader as a Rasa graph component: one trained artefact, the same that ``middle-ground read`` loads."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot import names, paths
from bot.errors import DataError
from bot.guidance.concepts import answer
from bot.guidance.library import library
from bot.guidance.memory.words import memory_words
from bot.guidance.skills.book import skill_book
from bot.rasa import in_process
from bot.rasa.train import fingerprint
from bot.reading.artefact import FILE_NAME, Artefact
from bot.reading.intents import intent_of, scale_value
from bot.reading.reader import Reader
from bot.reading.train import Labelled, train
from bot.reading.values import Reading, Safety
from bot.safety.help_lines import is_help_word
from bot.safety.values import ENCODER, SafetyReading

READING = "reading"
_QUESTION = re.compile(
    r"\s*(?:so |but |and )?(?:what|why|how|when|is|are|can|could|do|does|will|would)\s+\S+\s+\S+", re.IGNORECASE
)
_DEFINES = re.compile(
    r"\s*what(?:'s| is| are)\s+(?:a |an |the )?(?!our\b|my\b|your\b)[\w'-]+(?: [\w'-]+)?\s*\?*\s*$", re.IGNORECASE
)
_NOTHING_READ = (names.INTENT_FALLBACK, names.INTENT_NO_MOVE)
DANGER = "danger"

in_process.teach_rasa()  # so that a stock `rasa shell` or `rasa run` finds the actions as our server does


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class MiddleGroundReader(GraphComponent):  # type: ignore[misc]
    """Reads each message: sets the intent, and the full reading under ``reading`` and ``danger``."""

    def __init__(self, storage: ModelStorage, resource: Resource, reader: Reader | None = None) -> None:
        """Keep where the artefact lives; *reader* is there once it is trained or loaded."""
        self._storage = storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> MiddleGroundReader:
        """Make an untrained reader (Rasa calls this before training)."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> MiddleGroundReader:
        """Load the trained artefact. A broken one is an error, never an untrained reader that guesses."""
        with model_storage.read_from(resource) as folder:
            path = folder / FILE_NAME
            artefact = Artefact.loads(path.read_text(encoding="utf-8"), where=path)
        return cls(model_storage, resource, Reader.load(artefact))

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Tell Rasa's cache of what else the artefact depends on, so that a plain `rasa train` never takes up an old one."""
        return fingerprint(paths.root())

    def train(self, training_data: TrainingData) -> Resource:
        """Train the combiner on the messages of data/nlu and keep the artefact in the model."""
        artefact = train((_labelled(message) for message in training_data.intent_examples), progress=in_process.training_progress)
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE_NAME).write_text(artefact.dumps(), encoding="utf-8")
        self._reader = Reader.load(artefact)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: rules need the intents of the messages, not our reading of them."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking, reading and danger on every message."""
        if self._reader is None:
            raise DataError("the reader is not trained", expected="a trained model; run: middle-ground train")
        for message in messages:
            text = message.get(TEXT) or ""
            reading, danger = self._reader.read_with_safety(text)
            asked_for = _asked_for(text, reading)
            if danger.rule == ENCODER and ((asked_for and danger.asks) or skill_book().is_title(text) or is_help_word(text)):
                # A guess about words that we have put there ourselves, or that ask for an exercise, is no reason to ask.
                danger, reading = SafetyReading(), replace(reading, safety=Safety.NONE)
                asked_for = _asked_for(text, reading)
            name, confidence = asked_for or intent_of(text, reading)
            if name in _NOTHING_READ and _QUESTION.match(text) and answer(text, library()):
                name = names.INTENT_ASK_CONCEPT  # a question that nobody has put a question mark to
            intent = {"name": name, "confidence": float(confidence)}
            message.set(INTENT, intent, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
            message.set(READING, reading.to_json(), add_to_output=True)
            message.set(DANGER, danger_to_json(danger), add_to_output=True)
            value = scale_value(text)
            if value is not None:
                entity = {"entity": names.ENTITY_VALUE, "value": str(value), "start": 0, "end": len(text)}
                message.set(ENTITIES, [*message.get(ENTITIES, []), entity], add_to_output=True)
        return messages


def _asked_for(text: str, reading: Reading) -> tuple[str, float] | None:
    """Return the intent of what *text* asks for by words: an exercise, or what is remembered. None for anything else.

    Where it tells of danger, it asks for nothing.
    """
    if reading.safety is not Safety.NONE:
        return None
    if memory_words().asks_to_know(text):
        return names.INTENT_KNOW, 1.0
    if _DEFINES.match(text) and answer(text, library()):
        return names.INTENT_ASK_CONCEPT, 1.0  # "what is the cycle?" wants to know; "what is our cycle?" wants it drawn
    # "No, it was me" turns what was read, with or without an exercise under way.
    turned = names.INTENT_NOT_ME if skill_book().control_of(text) == names.INTENT_NOT_ME else None
    found = skill_book().asked_for(text) or turned
    return (found, 1.0) if found else None


def danger_to_json(danger: SafetyReading) -> dict[str, Any]:
    """Return what the actions need of the gate's answer, as plain JSON values."""
    return {
        "kind": danger.kind.value,
        "also": [kind.value for kind in danger.also],
        "immediate": danger.immediate,
        "soft": danger.soft,
        "rule": danger.rule,
        "firm": danger.firm,
    }


def _labelled(message: Message) -> Labelled:
    """Return a message of data/nlu with its block's labels. Raises DataError where a label is missing."""
    metadata = (message.get("metadata") or {}).get("intent") or {}
    try:
        labels = {name: str(metadata[name]) for name in ("side", "actor", "partner", "safety")}
    except KeyError as error:
        raise DataError(
            f"a block of intent {message.get(INTENT)!r} has no {error.args[0]!r} in its metadata",
            where="data/nlu",
            expected="metadata with writer, side, actor, partner and safety",
        ) from error
    more = {name: str(metadata.get(name, "")) for name in ("writer", "cue")}
    return Labelled(message.get(TEXT), message.get(INTENT), **labels, **more)
