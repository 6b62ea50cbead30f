"""Who may speak in which conversation."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.channels.web_session import Tokens, secret_key
from bot.errors import DataError


def test_a_key_of_the_operator_is_used_as_it_is(tmp_path: Path) -> None:
    assert secret_key({"MIDDLE_GROUND_SECRET": "s" * 32}, tmp_path) == "s" * 32
    assert not (tmp_path / "secret.key").exists()


def test_without_one_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = secret_key({}, tmp_path)
    assert secret_key({}, tmp_path) == first and len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_kept_key_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("k" * 40)
    (tmp_path / "secret.key").chmod(0o644)
    assert secret_key({}, tmp_path) == "k" * 40
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "environ",
    [
        {"MIDDLE_GROUND_ENV": "production"},
        {"MIDDLE_GROUND_ENV": "Production", "MIDDLE_GROUND_SECRET": ""},
        {"MIDDLE_GROUND_ENV": "production", "MIDDLE_GROUND_SECRET": "short"},
        {"MIDDLE_GROUND_SECRET": "s" * 31},
    ],
)
def test_a_missing_or_short_key_stops_the_start_and_says_what_to_set(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"MIDDLE_GROUND_SECRET.*at least 32 characters"):
        secret_key(environ, tmp_path)


def test_a_damaged_kept_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(DataError, match=r"secret\.key.*delete the file"):
        secret_key({}, tmp_path)


def test_a_token_names_its_session_for_a_while_and_no_other_key_can_make_one() -> None:
    mine, theirs = Tokens("m" * 32), Tokens("t" * 32)
    token = mine.sign("visit")
    assert mine.session_id(token, max_age=60) == "visit"
    assert mine.session_id(token, max_age=-1) is None
    assert theirs.session_id(token, max_age=60) is None


@pytest.mark.parametrize("token", ["", "visit", "a.b.c", "ÿ", "x" * 5000, "\x00", "InZpc2l0Ig.aaaa.bbbb"])
def test_what_was_not_signed_here_names_nothing(token: str) -> None:
    assert Tokens("m" * 32).session_id(token, max_age=60) is None
