"""Times as people write them: "in 20 minutes", "at half past nine", "tomorrow at 8"."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_UNITS = {
    "min": 1, "mins": 1, "minute": 1, "minutes": 1, "hr": 60, "hrs": 60, "hour": 60, "hours": 60, "day": 1440, "days": 1440,
}  # fmt: skip
_LETTERS = {"m": 1, "h": 60, "d": 1440}
_WORDS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
    "fifty": 50, "sixty": 60, "ninety": 90, "twenty-four": 24, "half": 0.5, "couple": 2,
}  # fmt: skip
_AMOUNT = re.compile(
    rf"\b(\d{{1,4}}(?:[.,]5)?|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\s*(?:of\s+)?(?:an?\s+)?"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
)
_SHORT = re.compile(r"\b(\d{1,4})\s?([mhd])\b")
_CLOCK = re.compile(
    r"\b(?:(half past|quarter past|quarter to)\s+)?(\d{1,2}|[a-z]+)(?:[:.](\d{2}))?\s*(am|pm|a\.m\.|p\.m\.|o'?clock)?(?!\w)"
)
# A bare number is an hour only after such a word; alone it may be minutes.
_AFTER_AT = r"\b(?:at|by|until|till|around|about)\s+{0}\b"
_SHIFT = {"half past": 30, "quarter past": 15, "quarter to": -15}
# "Tonight at nine" is never in the morning.
_PART_OF_DAY = re.compile(r"\b(morning|afternoon|evening|tonight)\b")
_HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm", "tonight": "pm"}
_ALONE = re.compile(r"\s*(\d{1,4})\s*")
_LEAST_ALONE = 13  # up to twelve, a number alone may be an hour as well as minutes: nobody knows


def minutes_until(text: str, now: datetime) -> float | None:
    """Return the minutes from *now* to the time that *text* tells, as a length or a time of day; None where it tells none."""
    length = minutes_in(text)
    if length is not None:
        return length
    found = clock_time(text, now)
    return (found - now).total_seconds() / 60 if found else None


def minutes_in(text: str) -> float | None:
    """Return the length that *text* tells ("an hour and a half" is 90.0), None where it tells none."""
    plain = text.lower().replace("overnight", "12 hours")
    alone = _ALONE.fullmatch(plain)
    if alone and int(alone[1]) >= _LEAST_ALONE:
        return float(alone[1])
    total = sum(_number(amount) * _UNITS[unit] for amount, unit in _AMOUNT.findall(plain))
    total += sum(int(amount) * _LETTERS[unit] for amount, unit in _SHORT.findall(plain))
    if total and re.search(r"\bhours?\b.*\band a half\b", plain):
        total += 30
    return float(total) if total else None


def clock_time(text: str, now: datetime) -> datetime | None:
    """Return the next time of day after *now* that *text* names ("at half past nine", "8pm", "noon"), None where it names none.

    "nine" without am or pm is the nearest nine; "tomorrow at nine" is in the morning.
    """
    plain = text.lower()
    tomorrow = "tomorrow" in plain
    if re.search(r"\b(noon|midday)\b", plain):
        return _next(now, 12, 0, either=False, tomorrow=tomorrow)
    if "midnight" in plain:
        return _next(now, 0, 0, either=False, tomorrow=tomorrow)
    for shift, word, minute, half in _CLOCK.findall(plain):
        hour = _hour(word)
        bare = not (shift or minute or half)
        if hour is None or hour > 24 or int(minute or 0) > 59 or (bare and not re.search(_AFTER_AT.format(word), plain)):
            continue
        part = next(iter(_PART_OF_DAY.findall(plain)), "")
        half = half or ("am" if part == "tonight" and hour == 12 else _HALVES.get(part, ""))
        marked = half.startswith(("a", "p"))
        if marked:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        found = _next(now, hour % 24, int(minute or 0), either=not marked and hour <= 12 and not tomorrow, tomorrow=tomorrow)
        return found + timedelta(minutes=_SHIFT.get(shift, 0))
    return None


def told(minutes: float) -> str:
    """Return a length in words: "20 minutes", "one hour", "1.5 hours", "24 hours"."""
    whole = round(minutes)
    if whole == 60:
        return "one hour"
    if whole > 60 and whole % 30 == 0:
        return f"{whole / 60:g} hours"
    hours, rest = divmod(whole, 60)
    first = f"{hours} hour{'s' * (hours > 1)} and " if hours else ""
    return f"{first}{rest} minute{'s' * (rest != 1)}"


def told_at(minutes: float, now: datetime) -> str:
    """Return the time *minutes* from *now* in words, to five minutes: "today at 9:20 pm", "Friday at 7 am"."""
    then = now + timedelta(minutes=minutes, seconds=150)
    then = then.replace(minute=then.minute - then.minute % 5, second=0, microsecond=0)
    days = (then.date() - now.date()).days
    day = ("today", "tomorrow")[days] if days < 2 else f"{then:%A}"
    hour = f"{then.hour % 12 or 12}" + (f":{then:%M}" if then.minute else "")
    return f"{day} at {hour} {'am' if then.hour < 12 else 'pm'}"


def _next(now: datetime, hour: int, minute: int, *, either: bool, tomorrow: bool) -> datetime:
    """Return the next hour:minute after *now*; *either*: in the morning or the evening, whichever comes first."""
    today = now.replace(hour=hour % 24, minute=minute, second=0, microsecond=0)
    if tomorrow:
        return today + timedelta(days=1)
    candidates = [today, today + timedelta(days=1)]
    if either:
        candidates += [one + timedelta(hours=12) for one in (today - timedelta(days=1), today)]
    return min(one for one in candidates if one > now)


def _number(word: str) -> float:
    return _WORDS[word] if word in _WORDS else float(word.replace(",", "."))


def _hour(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    found = _WORDS.get(word)
    return int(found) if found and 1 <= found <= 12 and word not in ("a", "an", "couple") else None
