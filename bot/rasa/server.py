"""The server: one Sanic process with the page, its transport and the agent. Binds to 127.0.0.1 unless told otherwise."""

from __future__ import annotations

import logging
import sys
from functools import partial
from typing import Any

from rasa.core import channels
from rasa.core.run import close_resources, create_http_input_channels
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot import paths
from bot.rasa.agent import load_agent
from bot.rasa.reminders import Reminders
from bot.safety.help_lines import help_lines

logger = logging.getLogger(__name__)


async def _load(app: Sanic, _: Any) -> None:
    app.ctx.agent = load_agent()
    app.ctx.reminders = partial(Reminders, app.ctx.agent)


async def _say_ready(host: str, port: int, app: Sanic, _: Any) -> None:
    sys.stdout.write(f"Middle Ground is ready: http://{host}:{port}/  (Ctrl+C stops it)\n")
    sys.stdout.flush()


async def _healthz(request: Request) -> HTTPResponse:
    return json({"alive": True})


async def _readyz(request: Request) -> HTTPResponse:
    ready = getattr(request.app.ctx, "agent", None) is not None
    return json({"ready": ready}, status=200 if ready else 503)


def make_app() -> Sanic:
    """Return the app with every channel of credentials.yml; the agent is loaded when it starts."""
    app = Sanic("middle_ground", configure_logging=False)
    app.config.KEEP_ALIVE_TIMEOUT = 30
    app.config.RESPONSE_TIMEOUT = 3600  # an event stream stays open
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.register_listener(_load, "before_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.add_route(_healthz, "/healthz")
    app.add_route(_readyz, "/readyz")
    channels.channel.register(create_http_input_channels(None, str(paths.root() / "credentials.yml")), app, route="/webhooks/")
    return app


def serve(host: str = "127.0.0.1", port: int = 5005) -> None:
    """Serve until stopped. Raises DataError without a trained model, without a secret, or where the help lines are not right."""
    help_lines()  # a fault in them is told here in one line, before anything is loaded
    app = make_app()
    app.register_listener(partial(_say_ready, host, port), "after_server_start")
    app.run(host=host, port=port, access_log=False, debug=False, motd=False, workers=1)
