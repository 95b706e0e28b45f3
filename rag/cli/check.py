"""The command that checks a draft."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.cli.options import (
    ConfigOption,
    IndexOption,
    JsonOption,
    QuietOption,
    app,
    opened_index,
    print_json,
    remark,
)
from rag.config import load_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.drafts.checkup import Checkup, DraftFinding

SHOWN = 90
"""Characters of a sentence that are printed."""


@app.command("check")
def check_command(
    draft: Annotated[
        Path, typer.Argument(help="A draft in Markdown, plain text or Word's format, of `rag write` or anyone's.")
    ],
    fix: Annotated[
        Path | None, typer.Option("--fix", help="Write a copy with the citations offered, and nothing else changed.")
    ] = None,
    index: IndexOption = Path("index"),
    runs: Annotated[Path, typer.Option(help="Folder of kept runs: where a brief's own material is found.")] = Path(
        "runs"
    ),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a draft against what it cites, line by line; exit 3 when something is found."""
    from rag.drafts.checkup import checkup_json
    from rag.pipeline import check_draft

    settings = load_config(config)
    with opened_index(index, settings, quiet) as (opened, embedder):
        checkup = check_draft(draft, index=opened, embedder=embedder, runs=runs, config=settings, fixed=fix)
    if as_json:
        print_json(checkup_json(checkup))
    else:
        names = {one.key: one.title or one.path for one in checkup.offered}
        print("\n".join(_shown(draft, one, names) for one in checkup.findings) or "nothing found")
        for words in (*checkup.remarks, *_carried(checkup), _coverage_line(checkup)):
            remark(quiet, words)
    if checkup.findings:
        raise typer.Exit(3)


def _shown(draft: Path, finding: DraftFinding, names: Mapping[str, str]) -> str:
    """Return a finding on a line, the sentence by its beginning: a line of Markdown, a paragraph of Word's may hold
    several.
    """
    words = finding.sentence if len(finding.sentence) <= SHOWN else finding.sentence[:SHOWN].rsplit(" ", 1)[0] + " …"
    return f"{draft}:{finding.line}: {finding.check}: {finding.reason}{_offered(finding.offer, names)} | {words}"


def _carried(checkup: Checkup) -> Iterator[str]:
    """Say how the sentences fared, by verdict."""
    counts = Counter(line.verdict for line in checkup.sentences)
    if checkup.paragraphs:
        yield "the numbers count paragraphs: Word tells lines only when it prints"
    yield ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in sorted(counts.items()))


def _offered(keys: tuple[str, ...], names: Mapping[str, str]) -> str:
    named = (f"k:{key} {names[key]}" if key in names else f"k:{key}" for key in keys)
    return f" (could cite {'; '.join(named)})" if keys else ""


def _coverage_line(checkup: Checkup) -> str:
    """Say how far the checks saw, beside what they found."""
    seen = checkup.coverage
    proven = checkup.control is not None and checkup.control.passed
    if not proven:
        return f"{seen.sentences} sentences: not checked, since the control did not pass its own tests."
    return (
        f"{seen.sentences} sentences: {seen.verbatim} verbatim; of {seen.checkable} others that cite something "
        f"{seen.checked} got a verdict, {seen.supported} are supported. Control passed."
    )
