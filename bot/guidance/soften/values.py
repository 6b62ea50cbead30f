"""What comes of softening a draft. Plain values: offsets are character offsets into the draft as it was typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Partner = Literal["withdraw", "pursue", ""]
Style = Literal["close", "short", "feel"]
STYLES: tuple[Style, ...] = ("close", "short", "feel")


@dataclass(frozen=True)
class Push:
    """Words of the draft that push or shut the door. *kind*: a name of data/soften/reasons.yml."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True)
class Reason:
    """Why a rewrite says it otherwise. *sources*: inventory ids or outside keys of data/guidance/sources.yml."""

    id: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rewrite:
    """One option. *style*: ``close`` to the draft, ``short``, or ``feel`` (feeling and need first).

    *text* may hold one gap in square brackets, which only the person can fill.
    """

    style: Style
    text: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Softened:
    """What `soften` returns.

    *fine*: nothing pushes, so there are no options. *face_to_face*: the matter is too big for a message.
    *refused*: the draft threatens somebody or the writer, or is meant for somebody who said no; nothing is worded.
    """

    draft: str
    pushes: tuple[Push, ...] = ()
    options: tuple[Rewrite, ...] = ()
    fine: bool = False
    face_to_face: bool = False
    refused: bool = False
