"""Custom actions in the server's own process: no second process, no HTTP hop.

``endpoints.yml`` says ``action_endpoint: {url: in-process}``; the same actions run in a separate
``rasa run actions`` with ``endpoints.remote-actions.yml``. Rasa makes its endpoint objects before it
loads any code of ours, so the address is taught to Rasa's own class once, here, and nowhere else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

ADDRESS = "in-process"

_progress: Callable[[int, int], None] | None = None


def show_progress(show: Callable[[int, int], None] | None) -> None:
    """Let *show* be called with (done, total) while the reader trains; None for silence."""
    global _progress
    _progress = show


def training_progress(done: int, total: int) -> None:
    """Pass the reader's training progress on to whoever shows it."""
    if _progress is not None:
        _progress(done, total)


@functools.lru_cache(maxsize=1)
def executor() -> ActionExecutor:
    """Return the executor with every action of the package ``actions``, made on first use."""
    found = ActionExecutor()
    found.register_package("actions")
    return found


async def _answer(call: dict[str, Any]) -> dict[str, Any]:
    """Run one action call as the action server would. Raises what Rasa expects of an action server's refusal."""
    try:
        answer: dict[str, Any] = await executor().run(call)
    except ActionExecutionRejection as error:
        body = f'{{"action_name": "{error.action_name}", "error": "rejected"}}'
        raise ClientResponseError(400, "rejected", body.encode()) from error
    except ActionNotFoundException as error:
        raise ClientResponseError(404, "no such action", error.action_name.encode()) from error
    return answer


@functools.lru_cache(maxsize=1)
def teach_rasa() -> None:
    """Make Rasa's endpoint class know the address ``in-process``, and check action answers with a compiled schema.

    Rasa checks the schema itself anew for each answer, which is two thirds of the time of a turn.
    """
    original = EndpointConfig.request

    @functools.wraps(original)
    async def request(self: EndpointConfig, method: str = "post", *args: Any, **kwargs: Any) -> Any:
        if self.url == ADDRESS:
            return await _answer(kwargs["json"])
        return await original(self, method, *args, **kwargs)

    EndpointConfig.request = request
    validator = jsonschema.Draft7Validator(RemoteAction.action_response_format_spec())

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
