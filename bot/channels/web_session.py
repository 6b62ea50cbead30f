"""Who may speak in which conversation: the server names the session, signs it, and takes nothing else."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot import paths
from bot.errors import DataError

SECRET = "MIDDLE_GROUND_SECRET"
ENVIRONMENT = "MIDDLE_GROUND_ENV"
LEAST_CHARACTERS = 32
_HOW = (
    f"a random text of at least {LEAST_CHARACTERS} characters, such as the output of: "
    'python3 -c "import secrets; print(secrets.token_hex(32))"'
)
_SALT = "middle-ground.web.session"


def secret_key(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> str:
    """Return the key that signs sessions: $MIDDLE_GROUND_SECRET, else one kept in ``secret.key``.

    The kept key (mode 0600, in *folder*, default var/) is made on first use and is for a single machine:
    with MIDDLE_GROUND_ENV=production the variable must be set. Raises DataError that says how.
    """
    environ = os.environ if environ is None else environ
    key = environ.get(SECRET, "")
    if key:
        if len(key) < LEAST_CHARACTERS:
            raise DataError(f"has {len(key)} characters", where=SECRET, expected=_HOW)
        return key
    if environ.get(ENVIRONMENT, "").strip().lower() == "production":
        raise DataError(f"is not set, and {ENVIRONMENT} is production", where=SECRET, expected=_HOW)
    return _kept_key((folder or paths.var()) / "secret.key")


def _kept_key(path: Path) -> str:
    try:
        # O_EXCL: of two processes that start at once, one makes the key and the other reads it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            key = secrets.token_hex(32)
            file.write(key)
            return key
    except FileExistsError:
        pass
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    key = path.read_text(encoding="utf-8", errors="replace").strip()
    if len(key) < LEAST_CHARACTERS:
        raise DataError("holds no usable key", where=path, expected=f"{_HOW}; or delete the file and start again")
    return key


class Tokens:
    """Signs session ids and reads them back."""

    def __init__(self, key: str) -> None:
        self._serializer = URLSafeTimedSerializer(key, salt=_SALT)

    def sign(self, session_id: str) -> str:
        """Return the token for *session_id*."""
        token = self._serializer.dumps(session_id)
        return token.decode() if isinstance(token, bytes) else token

    def session_id(self, token: str, *, max_age: float) -> str | None:
        """Return the session that *token* names, None when it was not signed here or is older than *max_age* seconds."""
        try:
            found = self._serializer.loads(token, max_age=int(max_age))
        except (BadSignature, UnicodeError):
            return None
        return found if isinstance(found, str) else None
