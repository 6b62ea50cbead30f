"""Logging without message text. Must run before rasa is imported, for Rasa logs what people write at debug level."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any


def _unseen(*_: Any, **__: Any) -> None:
    """Show no deprecation warning of a library to a person who wants to talk."""


def hush(level: int = logging.WARNING) -> None:
    """Turn telemetry off and keep library logs at *level* or above; text is only ever logged below that."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore")
    warnings.showwarning = _unseen  # libraries of this age put their own filters back
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(max(level, logging.WARNING)))
    for name in ("rasa", "sanic.root", "sanic.access", "apscheduler", "matplotlib", "tensorflow", "alembic"):
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
