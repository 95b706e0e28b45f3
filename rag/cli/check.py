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
    command,
    opened_index,
    print_json,
    remark,
    shown,
)
from rag.config import load_config
from rag.language import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rag.drafts.checkup import Checkup, DraftFinding

_Draft = Annotated[
    Path,
    typer.Argument(
        help=tell(
            es="Un borrador en Markdown, texto o formato de Word, de `rag write` o de cualquiera.",
            en="A draft in Markdown, plain text or Word's format, of `rag write` or anyone's.",
        )
    ),
]
_Fix = Annotated[
    Path | None,
    typer.Option(
        "--fix",
        help=tell(
            es="Escribe una copia con las citas que se ofrecen, sin cambiar nada más.",
            en="Write a copy with the citations offered, and nothing else changed.",
        ),
    ),
]
_Runs = Annotated[
    Path,
    typer.Option(
        help=tell(
            es="Carpeta de ejecuciones: donde está el material propio de un encargo.",
            en="Folder of kept runs: where a brief's own material is found.",
        )
    ),
]


@command("check", es="Comprueba un borrador con lo que cita, línea a línea; sale con 3 si halla algo.")
def check_command(
    draft: _Draft,
    fix: _Fix = None,
    index: IndexOption = Path("index"),
    runs: _Runs = Path("runs"),
    config: ConfigOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Check a draft against what it cites, line by line; exit 3 when something is found."""
    from rag.drafts.checkup import checkup_json
    from rag.pipeline import check_draft

    settings = load_config(config)
    with shown(quiet) as progress, opened_index(index, settings, quiet) as (opened, embedder):
        checkup = check_draft(
            draft, index=opened, embedder=embedder, runs=runs, config=settings, fixed=fix, progress=progress
        )
    if as_json:
        print_json(checkup_json(checkup))
    else:
        names = {one.key: one.title or one.path for one in checkup.offered}
        print(
            "\n".join(_shown(draft, one, names) for one in checkup.findings)
            or tell(es="nada que señalar", en="nothing found")
        )
        for words in (*checkup.remarks, *_carried(checkup), _coverage_line(checkup)):
            remark(quiet, words)
    if checkup.findings:
        raise typer.Exit(3)


def _shown(draft: Path, finding: DraftFinding, names: Mapping[str, str]) -> str:
    """Return a finding under its line's number, which in Word's format is a paragraph's, and what could be cited."""
    from rag.render.lines import finding_lines

    place = f"{draft}:{finding.line}"
    return finding_lines(place, finding.check, finding.sentence, finding.reason, *_offered(finding.offer, names))


def _offered(keys: tuple[str, ...], names: Mapping[str, str]) -> Iterator[str]:
    for key in keys:
        named = f"k:{key} {names.get(key, '')}".rstrip()
        yield tell(es=f"podría citar {named}", en=f"could cite {named}")


def _carried(checkup: Checkup) -> Iterator[str]:
    """Say how the sentences fared, by verdict."""
    from rag.render.lines import verdict_words

    counts = Counter(line.verdict for line in checkup.sentences)
    if checkup.paragraphs:
        yield tell(
            es="los números cuentan párrafos: Word solo conoce las líneas al imprimir",
            en="the numbers count paragraphs: Word tells lines only when it prints",
        )
    fared = [(count, verdict_words(verdict)) for verdict, count in sorted(counts.items())]
    yield tell(
        es=", ".join(f"{words}: {count}" for count, words in fared),
        en=", ".join(f"{count} {words}" for count, words in fared),
    )


def _coverage_line(checkup: Checkup) -> str:
    """Say how far the checks saw, beside what they found."""
    seen = checkup.coverage
    proven = checkup.control is not None and checkup.control.passed
    if not proven:
        return tell(
            es=f"{seen.sentences} frases: sin comprobar, pues el control no ha superado sus propias pruebas.",
            en=f"{seen.sentences} sentences: not checked, since the control did not pass its own tests.",
        )
    return tell(
        es=f"{seen.sentences} frases: {seen.verbatim} literales; de otras {seen.checkable} que citan algo, "
        f"{seen.checked} tienen veredicto y {seen.supported} se sostienen. Control superado.",
        en=f"{seen.sentences} sentences: {seen.verbatim} verbatim; of {seen.checkable} others that cite something "
        f"{seen.checked} got a verdict, {seen.supported} are supported. Control passed.",
    )
