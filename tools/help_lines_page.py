"""Keep the table in docs/help-lines.md as data/help_lines.yml says: `python -m tools.help_lines_page`."""

from __future__ import annotations

from bot import paths
from bot.safety.help_lines import HelpLine, HelpLines

BEGIN = "<!-- table: begin -->"
END = "<!-- table: end -->"


def page(text: str, lines: HelpLines) -> str:
    """Return *text* with the table between its marks made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_check(lines)}\n{_table(lines)}\n{END}{after}"


def _check(lines: HelpLines) -> str:
    unsure = [line for line in lines.lines if line.sure != "A" or line.verified_on.year < lines.release_date.year]
    items = "\n".join(
        f"- [ ] {line.country}: {line.service}, {_reach(line)} ({line.sure}, {line.verified_on})" for line in unsure
    )
    return f"### Please check first\n\n{items}\n"


def _table(lines: HelpLines) -> str:
    parts = []
    for country in lines.countries():
        emergency = ", ".join(country.emergency) or "the local number"
        parts.append(f"### {country.name} ({country.code}), emergency {emergency}\n")
        if country.note:
            parts.append(f"{country.note}\n")
        parts.append("| For | Service | Reach | Hours | Sure | Verified | Source | Note |\n|---|---|---|---|---|---|---|---|")
        parts += [
            f"| {line.kind} | {line.service} | {_reach(line)} | {line.hours} | {line.sure} | {line.verified_on} | {line.source} "
            f"| {line.note} |"
            for line in lines.lines
            if line.country == country.code
        ]
        parts.append("")
    return "\n".join(parts)


def _reach(line: HelpLine) -> str:
    return ", ".join(part for part in (line.number, line.web) if part)


def main() -> None:
    path = paths.root() / "docs" / "help-lines.md"
    path.write_text(page(path.read_text(encoding="utf-8"), HelpLines.load()), encoding="utf-8")


if __name__ == "__main__":
    main()
