"""What Rasa itself has to say about the rules. That they do not contradict each other only training finds out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.loading import load_data_from_files
from rasa.shared.core.training_data.structures import StoryGraph

from bot import paths

RULES = sorted((paths.data() / "rules").glob("*.yml"))


def test_rasa_data_validate_passes() -> None:
    command = [sys.executable, "-m", "rasa", "data", "validate", "stories", "--domain", "domain.yml", "--data", "data/rules"]
    done = subprocess.run(
        [*command, "--fail-on-warnings"],
        cwd=paths.root(), env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"}, capture_output=True, text=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "No story structure conflicts found" in done.stderr + done.stdout


def trained(domain: Domain, files: list[str], folder) -> None:  # type: ignore[no-untyped-def]
    graph = StoryGraph(load_data_from_files(files, domain))
    trackers = TrainingDataGenerator(graph, domain, use_story_concatenation=False).generate()
    config = {**RulePolicy.get_default_config(), "core_fallback_action_name": "action_unsure", "restrict_rules": True}
    policy = RulePolicy(config, LocalModelStorage(folder), Resource("rules"), ExecutionContext(GraphSchema({})))
    policy.train(trackers, domain)


def test_the_rules_do_not_contradict_each_other(tmp_path) -> None:  # type: ignore[no-untyped-def]
    trained(Domain.load(str(paths.root() / "domain.yml")), [str(path) for path in RULES], tmp_path)


def test_a_contradiction_would_be_found(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from rasa.core.policies.rule_policy import InvalidRule

    other = tmp_path / "other.yml"
    steps = "steps:\n      - intent: pursue\n      - action: action_everyday\n"
    other.write_text(f'version: "3.1"\nrules:\n  - rule: the same move, another answer\n    {steps}')
    model = tmp_path / "model"
    model.mkdir()
    with pytest.raises(InvalidRule):
        trained(Domain.load(str(paths.root() / "domain.yml")), [*(str(path) for path in RULES), str(other)], model)
