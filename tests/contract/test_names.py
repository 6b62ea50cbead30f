from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pkgutil import iter_modules

import pytest

import actions
from actions.exercise import TakeAnswer
from actions.turn import GatedAction
from bot import names, paths
from bot.yaml_files import mapping

DOMAIN = mapping(paths.root() / "domain.yml")
OPEN_WHEN_LOCKED = {"ActionHelpNow", "ActionCountry", "ActionSteady"}


def every_action() -> list[type[GatedAction]]:
    for module in iter_modules(actions.__path__):
        import_module(f"actions.{module.name}")
    return sorted(GatedAction.__subclasses__(), key=lambda cls: cls.__name__)


def test_domain_and_names_hold_the_same_intents_slots_entities_and_actions() -> None:
    assert set(DOMAIN["intents"]) == names.INTENTS
    assert set(DOMAIN["slots"]) == names.SLOTS
    assert set(DOMAIN["entities"]) == names.ENTITIES
    assert set(DOMAIN["actions"]) == names.ACTIONS


def test_every_action_of_the_domain_is_there_once() -> None:
    found = [cls().name() for cls in (*every_action(), *TakeAnswer.__subclasses__())]
    assert sorted(found) == sorted(names.ACTIONS)
    assert set(DOMAIN["forms"]) == names.FORMS


@pytest.mark.parametrize("action", every_action(), ids=lambda cls: cls.__name__)
def test_no_action_goes_round_the_gate(action: type[GatedAction]) -> None:
    assert "run" not in vars(action), "run gates the turn; override answer"
    if action.__name__ not in OPEN_WHEN_LOCKED:
        assert "guarded" not in vars(action), "only help, country and a minute to steady answer under a lock in their own way"


@pytest.mark.parametrize(
    "action", [cls for cls in every_action() if cls.__name__ in OPEN_WHEN_LOCKED], ids=lambda cls: cls.__name__
)
def test_what_answers_under_a_lock_cannot_reach_guidance(action: type[GatedAction]) -> None:
    tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(action.guarded)))
    called = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not called & {"choose", "coached", "remembered", "why", "menu"}


def test_every_rule_uses_intents_and_actions_of_the_domain() -> None:
    for path in sorted((paths.data() / "rules").glob("*.yml")):
        for rule in mapping(path)["rules"]:
            for step in rule["steps"]:
                assert step.get("intent", names.INTENT_GREET) in names.INTENTS | {"back"}, (path.name, rule["rule"])
                assert step.get("action", names.ACTION_COACH) in names.ACTIONS | names.FORMS, (path.name, rule["rule"])


def test_every_intent_has_an_answer() -> None:
    answered = {
        step["intent"]
        for path in (paths.data() / "rules").glob("*.yml")
        for rule in mapping(path)["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert names.INTENTS <= answered
