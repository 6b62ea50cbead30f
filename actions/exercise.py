"""Guided exercises: what each form does with an answer, what it asks next, and what it ends in."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import remember
from actions.endings import AFTER
from actions.turn import Events, GatedAction, Reply, Turn
from bot import names
from bot.guidance import choose
from bot.guidance.concepts import answer
from bot.guidance.library import library
from bot.guidance.memory.facts import Facts, known_answers, of_exercise
from bot.guidance.say import button, line_bubble, say, with_line
from bot.guidance.skills import walk
from bot.guidance.skills.book import skill_book
from bot.guidance.skills.menu import menu
from bot.guidance.skills.values import Place, Skill, Step, Takes
from bot.guidance.values import Button, Card
from bot.safety.values import Clearance, clear

# What these end in leaves room for one more line.
_HOPEFUL = frozenset({"settle", "lean_in", "neutral"})
_REQUESTED_SLOT = "requested_slot"
_FORM = "_form"
# A page's session ends after a day, so a promise to write in a week would not be kept there.
_NOT_OFFERED = {"web": {"weekly": "no"}}
# Typed or pressed in the middle of an exercise, these are answered on their own; then the question comes again.
_ASIDE = frozenset({
    names.INTENT_DANGER, names.INTENT_HELP_NOW, names.INTENT_COUNTRY, names.INTENT_STEADY, names.INTENT_HELP,
    names.INTENT_RESTART, names.INTENT_SKILLS, names.INTENT_ASK_WHY, names.INTENT_MORE,
    names.INTENT_ANOTHER, names.INTENT_START_PRACTICE, names.INTENT_PRACTICE_DONE, names.INTENT_SIDE, names.INTENT_OUT_OF_SCOPE,
    names.INTENT_THANKS, names.INTENT_STOP_PULSE, names.INTENT_AT_RETURN,
    names.INTENT_KNOW, names.INTENT_REMEMBER, names.INTENT_FORGET, names.INTENT_CHANGE_FACT,
})  # fmt: skip
# A greeting in the middle comes from somebody who is back, a goodbye from somebody who goes.
_MEANS = {names.INTENT_GREET: names.INTENT_GO_ON, names.INTENT_GOODBYE: names.INTENT_LEAVE}
# Where words are wanted, "sorry" and "i love you" are answers, and a bare "hi" or "thanks" is none.
_SAID_TO_THEM = frozenset({names.INTENT_GREET, names.INTENT_GOODBYE, names.INTENT_THANKS})
_EVERYDAY = re.compile(
    r"\s*(?:hi|hey|hello|hiya|thx|ty|tysm|cheers|(?:ok |okay )?(?:thanks|thank you)|bye|goodbye|good ?night"
    r"|good (?:morning|evening)|see (?:you|ya))\b"
    r"(?:\W+(?:so|very|much|a|lot|for|now|there|again|bye|all|that|this|bot|you|i'?m|im|back|later|soon|gotta|go))*\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\s*(?:(?:and|but|so|ok|okay|wait|hey|sorry|um)[\s,]+)*(?:what|why|how|who|when|where|which|is|are|am|do|does|did|can|could|will|would"
    r"|should|has|have)(?:'?s|n'?t)?\b.*\?\s*$",
    re.IGNORECASE | re.DOTALL,
)
# In a draft these are words to the partner ("why do you never answer?", "bye").
_ASIDE_FROM_DRAFTS = frozenset({names.INTENT_DANGER, names.INTENT_HELP_NOW, names.INTENT_STOP_PULSE, names.INTENT_AT_RETURN})


def place_of(turn: Turn) -> Place | None:
    """Return where the person stands in the exercise under way."""
    return Place.from_json(turn.slot(names.SLOT_EXERCISE))


def _active(tracker: Tracker) -> str:
    """Return the name of the exercise whose form is active, ""."""
    return str((tracker.active_loop or {}).get("name") or "").removesuffix(_FORM)


def start_of(turn: Turn, skill: Skill, clearance: Clearance) -> Place:
    """Return the place to go on from: where it was left, or the beginning, with what is remembered filled in."""
    left = Place.from_json((turn.slot(names.SLOT_LEFT) or {}).get(skill.id))
    if left and left.at:
        return replace(left, resumed=True, problem="")
    about = (turn.slot(names.SLOT_LAST_CARD) or {}).get("about") or {}
    facts = remember.facts_of(turn) or Facts()
    ways = [name.partition(":")[2] for name in facts.best_helped() if name.startswith(f"{skill.id}:")]
    cue = str(about.get("cue") or about.get("moment") or "")
    known = {**known_answers(skill.id, facts), **_NOT_OFFERED.get(turn.channel, {})}
    return walk.begin(skill, clearance=clearance, cue=cue, known=known, helped=ways)


def _filled_in(turn: Turn, skill: Skill, place: Place, card: Card) -> Card:
    """Return *card*, the first question, with a line for each answer that was filled in from memory: it can be changed."""
    lines = []
    not_offered = _NOT_OFFERED.get(turn.channel, {})
    for step, value in place.answers.items():
        if step in not_offered:
            continue
        choice = skill.step(step).choice(value)
        if choice:
            lines.append(line_bubble("memory_filled_in", said=turn.said, seed=turn.person, title=choice.title))
    return replace(card, bubbles=(*card.bubbles[:-1], *lines, card.bubbles[-1]))


def _after(told: Card, card: Card) -> Card:
    """Return *card* with what was asked in between before it; where both are too much at once, all but the question is kept."""
    if told.words + card.words <= choose.AT_ONCE or len(card.bubbles) == 1:
        return replace(card, bubbles=(*told.bubbles, *card.bubbles))
    buttons = card.buttons if button("more") in card.buttons else (button("more"), *card.buttons)
    return replace(card, bubbles=(*told.bubbles, card.bubbles[-1]), more=(*card.bubbles[:-1], *card.more), buttons=buttons)


def _waits() -> Events:
    """Return what lets a form go on: the slot that it asks for stays empty."""
    return [SlotSet(names.SLOT_ANSWER, None)]


def _ends() -> Events:
    """Return what ends a form."""
    return [*_waits(), SlotSet(_REQUESTED_SLOT, None)]


class TakeAnswer(Action, ABC):  # type: ignore[misc]
    """What a form does with a message: moves on by one step. It says nothing; what is said next is gated.

    Raises nothing; a message that is no answer is left to the rules, and the question comes again after them.
    """

    @property
    @abstractmethod
    def skill(self) -> str:
        """Id of the exercise."""

    @property
    def form(self) -> str:
        """Name of its form."""
        return f"{self.skill}{_FORM}"

    def name(self) -> str:
        """Name in the domain."""
        return f"validate_{self.form}"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Return the new place, or a rejection where the message is not for the exercise."""
        if self._not_asked(tracker):
            # Rasa asks here too when a form begins, and when it comes back to it from something else.
            return _waits()
        turn = Turn(tracker)
        clearance = clear(turn.lock, turn.danger)
        begins = turn.intent == f"start_{self.skill}"
        if clearance is None:
            # The rule for the form's own beginning leads back here, where nothing would be said: it ends instead.
            return _ends() if begins else [ActionExecutionRejected(self.form)]
        skill = skill_book().skills[self.skill]
        place = place_of(turn)
        if turn.check is not None and place and place.at and self.heard(turn, skill, place) == names.INTENT_LEAVE:
            return _ends()
        if place is None or place.skill != self.skill or turn.check is not None:
            # Nothing of this exercise has been asked yet, so nothing can have been answered.
            return _waits()
        intent = self.heard(turn, skill, place)
        if not begins and (intent in self.aside(skill, place) or intent.startswith("start_")):
            return [ActionExecutionRejected(self.form)]
        if intent == names.INTENT_LEAVE:
            return _ends()
        after = self.moved(turn, skill, place, intent, clearance)
        return [SlotSet(names.SLOT_EXERCISE, after.to_json()), *(_waits() if after.at else _ends())]

    def _not_asked(self, tracker: Tracker) -> bool:
        """Return whether the person's last message was what began the exercise, or has been answered by something else."""
        for event in reversed(tracker.events):
            if event.get("event") == "user":
                return False
            began = event.get("event") == "active_loop" and event.get("name") == self.form
            if began or (event.get("event") == "action" and event.get("name") != self.form):
                return True
        return False

    def heard(self, turn: Turn, skill: Skill, place: Place) -> str:
        """Return the intent; words such as "stop" or "go back" stand for their buttons."""
        if turn.text.startswith("/") or not place.at or turn.intent in _ASIDE_FROM_DRAFTS:
            return turn.intent
        step = skill.step(place.at)
        if step.takes is Takes.DRAFT and turn.text.casefold().strip() == button("leave").title.casefold():
            return names.INTENT_LEAVE
        if step.takes is Takes.DRAFT or walk.picked(skill, place, turn.text):
            return names.INTENT_ANSWER
        control = skill_book().control_of(turn.text)
        if control and not (step.quoted and control == names.INTENT_GO_ON):
            return control
        if turn.intent.startswith("start_") and self._answers(turn, skill, place):
            return names.INTENT_ANSWER
        found = self._besides(turn, step)
        return _MEANS.get(found, found)

    def _besides(self, turn: Turn, step: Step) -> str:
        """Return what words that lead nowhere are: an answer, a question about the dynamic, or what their reading says."""
        wanted = step.takes is Takes.TEXT or step.open
        said = turn.intent in _SAID_TO_THEM and not _EVERYDAY.match(turn.text)
        if step.quoted or (wanted and said):
            return names.INTENT_ANSWER
        if turn.intent.startswith("start_"):
            return turn.intent
        # "Idk, for him to care?" is an answer.
        asks = _ASKS.match(turn.text) and answer(turn.text, library()) is not None
        return names.INTENT_ASK_CONCEPT if asks else turn.intent

    def aside(self, skill: Skill, place: Place) -> frozenset[str]:
        """Return the intents that are not for the exercise at this step."""
        return _ASIDE_FROM_DRAFTS if place.at and skill.step(place.at).takes is Takes.DRAFT else _ASIDE

    def moved(self, turn: Turn, skill: Skill, place: Place, intent: str, clearance: Clearance) -> Place:
        """Return the place after this message."""
        place = replace(place, aside=False)
        if intent == names.INTENT_NOT_ME and skill.turns:
            return walk.again(skill, walk.turned(skill, place), clearance=clearance)
        if intent in (names.INTENT_CHANGE_LAST, names.INTENT_NOT_ME):
            return walk.back(skill, place)
        if intent == names.INTENT_ASK_CONCEPT:
            return replace(place, aside=True, problem="", resumed=False)
        if intent == names.INTENT_SKIP_STEP or intent == names.INTENT_SKIP:
            return walk.skip(skill, place, clearance=clearance)
        if intent in (names.INTENT_GO_ON, f"start_{skill.id}"):
            return replace(place, resumed=True, problem="")
        if turn.value:
            return walk.pressed(skill, place, turn.value, clearance=clearance)
        return walk.take(skill, place, "" if turn.text.startswith("/") else turn.text, clearance=clearance)

    def _answers(self, turn: Turn, skill: Skill, place: Place) -> bool:
        """Return whether words that ask for an exercise answer the question at hand ("breathing", when asked what would help)."""
        step = skill.step(place.at)
        if step.takes is Takes.TEXT or step.open:
            return turn.intent == f"start_{skill.id}"
        return step.takes is Takes.CHOICE and walk.understood(skill, place, turn.text)


class ActionAskAnswer(GatedAction):
    """Ask the question at hand of the exercise whose form is active."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_ASK_ANSWER

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Begin, go on, or ask again."""
        skill = skill_book().skills[_active(turn.tracker)]
        place = before = place_of(turn)
        slots: dict[str, Any] = {names.SLOT_AWAITING: None}
        begins = place is None or place.skill != skill.id or not place.at
        if place is None or begins:
            place = start_of(turn, skill, clearance)
            slots[names.SLOT_LEFT] = _left(turn, before, without=skill.id)
        card = walk.question(skill, place, clearance=clearance, said=turn.said, seed=turn.person, begins=begins)
        if begins and not place.resumed:
            card = _filled_in(turn, skill, place, card)
        if place.aside:
            told = choose.concept(turn.text, clearance=clearance, said=turn.said, seed=turn.person)
            told = told or say("exercise_no_source", said=turn.said, seed=turn.person)
            card = _after(told, card)
        # What was wrong with an answer is said once; after an answer to something else the question comes alone.
        kept = replace(place, problem="", resumed=False, aside=False).to_json()
        return Reply(card, {**slots, names.SLOT_EXERCISE: kept, names.SLOT_LAST_CARD: card.to_json()})


class ActionExerciseEnd(GatedAction):
    """Say what came of the exercise, or that it can be gone on with."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_EXERCISE_END

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Close what the form has finished or what the person left."""
        place = place_of(turn)
        if place is None:
            return Reply(say("exercise_none", said=turn.said, seed=turn.person, buttons=("skills",)))
        skill = skill_book().skills[place.skill]
        if place.at:
            card = say("exercise_left", said=turn.said, seed=turn.person, buttons=(_again(skill), "skills"))
            return Reply(card, {names.SLOT_EXERCISE: None, names.SLOT_LEFT: _left(turn, place), names.SLOT_AWAITING: None})
        card = walk.ending(skill, place, clearance=clearance, said=turn.said, seed=turn.person)
        if skill.id in _HOPEFUL:
            card = with_line(card, "hope", said=turn.said, seed=turn.person)
        kept = {
            names.SLOT_LAST_CARD: card.to_json(), names.SLOT_AWAITING: None, names.SLOT_EXERCISE: None,
            names.SLOT_LEFT: _left(turn, None, without=skill.id),
        }  # fmt: skip
        after = AFTER.get(skill.id)
        reply = Reply(card, kept, noticed=of_exercise(skill.id, place.answers))
        return remember.with_offer(turn, after(turn, place, reply) if after else reply)


class ActionExercise(GatedAction):
    """A button of an exercise that is not under way any more."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_EXERCISE

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """Offer to go on with the last one, or the list."""
        left = [Place.from_json(row) for row in (turn.slot(names.SLOT_LEFT) or {}).values()]
        skills = [skill_book().skills[place.skill] for place in left if place and place.skill in skill_book().skills]
        return Reply(say("exercise_none", said=turn.said, seed=turn.person, buttons=(*map(_again, skills[-2:]), "skills")))


class ActionSkills(GatedAction):
    """What there is to do together, each with one line and a button."""

    def name(self) -> str:
        """Name in the domain."""
        return names.ACTION_SKILLS

    def answer(self, turn: Turn, clearance: Clearance) -> Reply:
        """List the exercises, those for the side coached last first."""
        return Reply(
            menu(skill_book(), side=str(turn.slot(names.SLOT_SIDE) or ""), page=turn.value, said=turn.said, seed=turn.person)
        )


def _again(skill: Skill) -> Button:
    return Button(skill.title, f"/start_{skill.id}")


def _left(turn: Turn, place: Place | None, *, without: str = "") -> dict[str, Any]:
    """Return the exercises that were left, *place* added where it has begun and is not over, *without* taken out."""
    kept = dict(turn.slot(names.SLOT_LEFT) or {})
    kept.pop(without, None)
    if place and place.at and place.answers and place.skill != without:
        kept[place.skill] = place.to_json()
    return kept
