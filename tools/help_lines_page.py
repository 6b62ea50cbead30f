"""Keep the table in docs/help-lines.md as data/help_lines.yml says: `python -m tools.help_lines_page`."""

from __future__ import annotations

from bot import paths
from bot.safety.help_lines import NEEDED, Country, HelpLine, HelpLines

BEGIN = "<!-- table: begin -->"
END = "<!-- table: end -->"
CHECK = "### Please check first"


def page(text: str, lines: HelpLines) -> str:
    """Return *text* with the table between its marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_check(lines)}\n{_table(lines)}\n{END}{after}"


def check_item(line: HelpLine) -> str:
    """Return the line's item under "Please check first"."""
    # Nobody read a source that confirms a C, so its date must not look like one.
    parts = [line.confidence, "not confirmed" if line.confidence == "C" else f"source read {line.verified_on}"]
    if line.source_dated:
        parts.append(f"its source is of {line.source_dated}")
    item = f"- [ ] {line.country}: {line.service}, {_reach(line)} ({', '.join(parts)})"
    return f"{item}. {line.note}" if line.note else item


def _check(lines: HelpLines) -> str:
    emergency = [
        f"- [ ] {country.code}: emergency {', '.join(country.emergency)} ({country.confidence})"
        for country in lines.countries()
        if country.confidence in ("B", "C")
    ]
    # A note on a line graded A tells where or when it holds, which a deployer has to know as well.
    unsure = [check_item(line) for line in lines.lines if line.confidence != "A" or line.source_dated or line.note]
    return "\n".join((CHECK, "", *emergency, *unsure, ""))


def _table(lines: HelpLines) -> str:
    parts = []
    for country in lines.countries():
        emergency = ", ".join(country.emergency) or "the local number"
        parts.append(f"### {country.name} ({country.code}), emergency {emergency}{_grade(country)}\n")
        if country.note:
            parts.append(f"{country.note}\n")
        parts.append(
            "| For | Service | Reach | Hours | Languages | Confidence | Looked at | Source | Source of | Note |\n"
            "|---|---|---|---|---|---|---|---|---|---|"
        )
        parts += [_row(line) for line in lines.lines if line.country == country.code]
        parts.append("")
        parts += _fallbacks(lines, country)
    return "\n".join(parts)


def _row(line: HelpLine) -> str:
    cells = (
        line.kind,
        line.service,
        _reach(line),
        line.hours,
        ", ".join(line.languages),
        _marked(line.confidence),
        str(line.verified_on),
        line.source,
        line.source_dated,
        line.note,
    )
    return "| " + " | ".join(cells) + " |"


def _fallbacks(lines: HelpLines, country: Country) -> list[str]:
    """Say who is shown where a country has no line of its own for a kind."""
    there = {line.kind for line in lines.lines if line.country == country.code}
    said = []
    for kind in (*NEEDED, "harming"):
        if kind not in there:
            shown = lines.for_country(country.code, kind)
            said.append(f"No line of kind {kind} here: the bot shows {', '.join(_shown(line) for line in shown)}.\n")
    return said


def _shown(line: HelpLine) -> str:
    return f"{line.service}, {_reach(line)}"


def _grade(country: Country) -> str:
    return f" ({_marked(country.confidence)})" if country.confidence else ""


def _marked(confidence: str) -> str:
    return confidence if confidence == "A" else f"{confidence}, please check"


def _reach(line: HelpLine) -> str:
    text = ""
    # What the number on show says already is not said again.
    if line.sms and line.dial:
        text = f"text {line.text} to {line.sms}" if line.text else f"text {line.sms}"
    return ", ".join(part for part in (line.number, text, line.web) if part)


def main() -> None:
    path = paths.root() / "docs" / "help-lines.md"
    path.write_text(page(path.read_text(encoding="utf-8"), HelpLines.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
