"""The command line: middle-ground read | chat | serve | train | evaluate | script | coverage. Heavy imports wait until needed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import __version__
from bot.errors import DataError


def _read(args: argparse.Namespace) -> int:
    from bot.commands.read import read_lines

    return read_lines(sys.stdin.buffer, sys.stdout)


def _chat(args: argparse.Namespace) -> int:
    from bot.commands.chat import chat

    return chat(sender=args.resume)


def _serve(args: argparse.Namespace) -> int:
    from bot.rasa.quiet import hush

    hush()
    from bot.rasa.server import serve

    serve(args.host, args.port)
    return 0


def _train(args: argparse.Namespace) -> int:
    from bot.rasa.train import train, train_if_needed

    if args.if_needed:
        train_if_needed()
    else:
        train()
    return 0


def _evaluate(args: argparse.Namespace) -> int:
    if args.compare:
        from bot.commands.compare import compare

        return compare(real=args.real, passages=args.passages, frozen=args.frozen)
    if args.danger:
        from bot.commands.danger import evaluate_danger

        return evaluate_danger(args.danger, replies=not args.reading_only)
    from bot.commands.evaluate import evaluate

    return evaluate(errors=args.errors)


def _script(args: argparse.Namespace) -> int:
    from bot.commands.script import run_scripts

    return run_scripts(args.files, write=args.write)


def _coverage(args: argparse.Namespace) -> int:
    from bot.commands.coverage import coverage

    return coverage()


def parser() -> argparse.ArgumentParser:
    """Return the command line's grammar."""
    top = argparse.ArgumentParser(
        prog="middle-ground",
        description="Reads a message, says which way it moves, and offers one small next step. Runs on this machine only.",
    )
    top.add_argument("--version", action="version", version=f"middle-ground {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)

    read = commands.add_parser("read", help="read JSON lines {id, text} on standard input, write one reading a line")
    read.set_defaults(run=_read)

    chat = commands.add_parser("chat", help="talk in this terminal")
    chat.add_argument("--resume", metavar="NAME", help="take up the conversation of this name again (made on first use)")
    chat.set_defaults(run=_chat)

    serve = commands.add_parser("serve", help="start the server with the page")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s, this machine only)")
    serve.add_argument("--port", type=int, default=5005, help="port to listen on (default: %(default)s)")
    serve.set_defaults(run=_serve)

    train = commands.add_parser("train", help="train the reader and the dialogue rules")
    train.add_argument("--if-needed", action="store_true", help="only when the files it depends on have changed")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="print how well the reader does on the project's own unseen messages")
    evaluate.add_argument("--errors", type=int, default=20, metavar="N", help="show this many wrong readings (default: 20)")
    evaluate.add_argument("--compare", action="store_true", help="measure simpler methods on the same texts instead (minutes)")
    annotated = "annotated passages (JSON lines with text, side, partner, safety)"
    evaluate.add_argument("--real", type=Path, metavar="FILE", help=f"with --compare: {annotated} to train on as well")
    evaluate.add_argument("--passages", type=Path, metavar="FILE", help=f"with --compare: {annotated} to measure on as well")
    evaluate.add_argument("--frozen", type=Path, metavar="FILE", help="with --compare: made by tools/encoder/export_base.py")
    evaluate.add_argument(
        "--danger", type=Path, nargs="+", metavar="FILE", help="measure the safety gate on sets of danger and look-alikes instead"
    )
    evaluate.add_argument("--reading-only", action="store_true", help="with --danger: do not play the sentences to the bot")
    evaluate.set_defaults(run=_evaluate)

    script = commands.add_parser("script", help="run scripted conversations and show where they differ")
    script.add_argument("files", nargs="+", type=Path, metavar="FILE", help="YAML files or folders (format: docs/scripts.md)")
    script.add_argument("--write", type=Path, metavar="FOLDER", help="write each conversation as a page to read into this folder")
    script.set_defaults(run=_script)

    covered = commands.add_parser("coverage", help="say where each statement of the articles is said, and what each cue has")
    covered.set_defaults(run=_coverage)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Faults of the data or the set-up end with 2 and one clear line, not a stack trace."""
    args = parser().parse_args(argv)
    try:
        return int(args.run(args))
    except DataError as error:
        sys.stderr.write(f"middle-ground: {error}\n")
        return 2
    except (KeyboardInterrupt, BrokenPipeError):
        return 130


if __name__ == "__main__":
    sys.exit(main())
