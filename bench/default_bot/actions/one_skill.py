"""The one custom action that the bench adds to a `rasa init` bot: it reads the tracker, says a line and sets nothing."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


class ActionAnswerFight(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_answer_fight"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        words = len((tracker.latest_message.get("text") or "").split())
        dispatcher.utter_message(json_message={"skill": "fight", "words": words})
        return []
