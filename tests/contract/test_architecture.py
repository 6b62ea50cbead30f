from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot import paths

CORE = ("reading", "safety", "guidance", "store")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("part", CORE)
def test_the_core_does_not_know_rasa_or_the_edges(part: str) -> None:
    for path in sorted((paths.root() / "bot" / part).rglob("*.py")):
        for name in imports(path):
            assert name.split(".")[0] not in {"rasa", "rasa_sdk", "sanic"}, (path, name)
            assert not name.startswith(("bot.rasa", "bot.channels", "bot.commands", "actions")), (path, name)


def test_the_command_line_helps_without_loading_anything_heavy() -> None:
    code = (
        "import sys; sys.argv = ['middle-ground', '--help']\ntry:\n    import bot.cli; bot.cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'rasa', 'tensorflow', 'spacy', 'numpy', 'onnxruntime', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.rstrip().endswith("[]")
    for command in ("read", "chat", "serve", "train", "evaluate", "script"):
        assert command in done.stdout


def test_reading_imports_neither_rasa_nor_tensorflow() -> None:
    code = (
        "import sys\nfrom bot.reading.reader import Reader\nprint(Reader.load().read('he never answers me').coach.value)\n"
        "print(sorted({'rasa', 'tensorflow'} & {name.split('.')[0] for name, module in sys.modules.items() if module}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines() == ["anxious", "[]"]
