"""The command line: words in, one call, words out.

The product goes to stdout, progress and remarks to stderr. Exit status: 0 done, 1 the input or the run failed (one
clear line), 2 usage, 3 findings of `check` and `doctor`, or under --strict.
"""

from __future__ import annotations

import sys

from rag.cli import check, diff, evaluation, find, literature, state, write
from rag.cli.options import app
from rag.errors import RagError
from rag.language import tell

__all__ = ["app", "check", "diff", "evaluation", "find", "literature", "main", "state", "write"]


_ORDER = ("index", "add", "search", "plan", "write", "check", "diff", "status", "doctor", "eval")
app.registered_commands.sort(key=lambda command: _ORDER.index(command.name or ""))


_ES = "Convierte una carpeta de literatura y fragmentos fechados de búsqueda en un texto escrito, citado y comprobado."


@app.callback(
    help=tell(es=_ES, en="Turn a folder of literature and dated search snippets into a written, cited, checked text.")
)
def _about() -> None:
    """Turn a folder of literature and dated search snippets into a written, cited, checked text."""


def main() -> None:
    """Run the command line: what a person can mend is one line on stderr and exit status 1."""
    try:
        app()
    except RagError as error:
        print(f"rag: {error}", file=sys.stderr)
        raise SystemExit(1) from error
