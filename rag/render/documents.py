"""A checked report → Word, PDF, LaTeX with its bibliography, pandoc's Markdown with its own: all from one tree.

References are ours (numbered, with words of each excerpt and the keys by which a draft is checked), or those of a CSL
style. Nothing but the report is read, and nothing written. Report -> bytes
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rag.errors import RagError
from rag.language import tell
from rag.render import pandoc, tree
from rag.render.body import NOTE, REFERENCES, Manner, blocks, by_number, in_notes, numbered, references_title
from rag.render.own import Parsed, Verbatim
from rag.render.references import bibliography, locator
from rag.render.styles import check_style, styled
from rag.render.word import NOTE_STYLE, REFERENCE_STYLE, template, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rag.records import NumberedSource, Report
    from rag.render.own import Own
    from rag.render.references import Item
    from rag.render.tree import Node

_MARKDOWN = "markdown" + "".join(
    f"-{extension}"
    for extension in (
        "smart", "raw_html", "raw_tex", "grid_tables", "multiline_tables", "simple_tables", "fenced_divs",
        "bracketed_spans", "native_divs", "native_spans", "link_attributes", "header_attributes",
    )
)  # fmt: skip
CITATIONS = ("numbers", "footnotes", "keys")
"""How a text can cite: [1], in footnotes, or by keys of a bibliography beside it."""
_TYPST = """#set document(title: "{title}", date: none)
#set page(paper: "a4", margin: (x: 2.6cm, y: 2.5cm), numbering: "1")
#set text(lang: "{language}", size: 11pt, hyphenate: true)
#set par(justify: true, leading: 0.68em, spacing: 1.05em)
#set smartquote(enabled: false)
#show heading: set block(above: 1.5em, below: 0.8em)
#show heading: set text(fill: rgb("#0f4761"), hyphenate: false)
#show link: set text(fill: rgb("#1f4e79"))
#show raw: set text(size: 0.86em, fill: luma(90))
#show quote.where(block: true): set block(inset: (left: 1em))
#set table(inset: 6pt, stroke: none)
#show figure.where(kind: table): set figure.caption(position: top)
#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)
#let divider = horizontalrule
#let note(body) = block(inset: (left: 0.8em, y: 0.2em), stroke: (left: 1.5pt + luma(190)), {{
  set text(size: 0.88em, fill: luma(80))
  body
}})
#let references(body) = {{
  set text(size: 0.92em)
  set par(hanging-indent: 1.6em, justify: false, spacing: 0.75em)
  body
}}
"""
_TYPED_DASH = re.compile(r"(-(?=[-?\d])|(?<=-)-|\.(?=\.)|(?<=\.)\.)")
_HOW_TO_COMPILE = b"% !TeX program = lualatex\n"
"""By which editors know the program that sets every script; pdflatex sets Latin ones."""
_PLAIN_CODE = "--syntax-highlighting=none"
_DRESS = {
    "typst": {NOTE: ("#note[", "]"), REFERENCES: ("#references[", "]")},
    "latex": {
        NOTE: ("\\begin{quote}\\small", "\\end{quote}"),
        REFERENCES: (
            "\\begingroup\\small\\raggedright\\setlength{\\parindent}{-1.6em}\\addtolength{\\leftskip}{1.6em}",
            "\\par\\endgroup",
        ),
    },
}


@dataclass(frozen=True, slots=True)
class Setting:
    """How citations are set, and a CSL style's name or file, which sets citations and references by itself."""

    citations: str = ""
    style: str = ""

    @property
    def plain(self) -> bool:
        """Whether nothing is asked for, so that each format may do as it is best."""
        return not self.style and not self.citations

    @property
    def special(self) -> bool:
        """Whether anything but numbers and references of ours is asked for."""
        return bool(self.style) or self.citations in {"footnotes", "keys"}


def check_setting(setting: Setting, ending: str) -> None:
    """Raise `RagError` where a file of this ending cannot be set so."""
    if setting.citations and setting.citations not in CITATIONS:
        raise RagError(
            tell(
                es=f"se cita por {', '.join(CITATIONS)}, no por «{setting.citations}»",
                en=f"citations are {', '.join(CITATIONS)}, not “{setting.citations}”",
            )
        )
    if setting.citations and setting.style:
        raise RagError(
            tell(
                es="un estilo CSL dice ya cómo se cita: quita una de las dos opciones",
                en="a CSL style sets the citations itself: leave out one of the two",
            )
        )
    if setting.citations == "keys" and ending in {".docx", ".pdf"}:
        raise RagError(
            tell(
                es=f"citar por claves pide una bibliografía al lado: nombra un .md o un .tex, no un {ending}",
                en=f"citations as keys need a bibliography beside the text: name a .md or .tex file, not {ending}",
            )
        )
    check_style(setting.style)


def to_docx(report: Report, setting: Setting) -> bytes:
    """Return a Word file; the same bytes every time."""
    data = _whole(_made(report, setting, "docx"), report)
    with TemporaryDirectory() as folder:
        styles = Path(folder) / "styles.docx"
        styles.write_bytes(template(pandoc.default("reference.docx")))
        docx = pandoc.convert(data, _PLAIN_CODE, f"--reference-doc={styles}", to="docx-citations")
    return titled(docx, report.brief.topic)


def to_pdf(report: Report, setting: Setting) -> bytes:
    """Return a PDF with its headings, links and language; the same bytes every time."""
    made = tree.respelled(_made(report, setting, "typst"), _letters)
    body = pandoc.convert(_whole(made, report), _PLAIN_CODE, to="typst-smart-citations").decode()
    title = re.sub(r'["\\]', r"\\\g<0>", " ".join(report.brief.topic.split()))
    return pandoc.to_pdf(_TYPST.format(title=title, language=_code(report)) + body)


def to_tex(report: Report, setting: Setting, *, beside: str) -> bytes:
    """Return LaTeX that stands alone but for the bibliography `beside` it, which it reads where it cites by key."""
    setting = replace(setting, citations="keys") if setting.plain else setting
    about: dict[str, object] = {"colorlinks": True, "geometry": "a4paper, margin=2.6cm"}
    options = [_PLAIN_CODE, "--standalone"]
    if setting.citations == "keys":
        title = references_title(report.brief.language)
        about |= {"bibliography": beside, "biblio-title": title, "biblatexoptions": "style=numeric, sorting=none"}
        options.append("--biblatex")
    data = _whole(_made(report, setting, "latex"), report, about)
    return _HOW_TO_COMPILE + _unparted(pandoc.convert(data, *options, to="latex-smart"))


def to_pandoc_markdown(report: Report, setting: Setting, *, beside: str) -> bytes:
    """Return Markdown as pandoc reads it, the author's text byte for byte; citations are `[@key]`, with entries in the
    bibliography `beside` it, or of a style.
    """
    made = _made(report, setting, "markdown")
    if setting.citations != "keys":
        return pandoc.convert(_whole(made, report), "--wrap=none", to=_MARKDOWN + "-citations")
    about = {"bibliography": beside, "reference-section-title": references_title(report.brief.language)}
    return pandoc.convert(_whole(made, report, about), "--standalone", "--wrap=none", to=_MARKDOWN)


def to_bibtex(report: Report) -> bytes:
    """Return the sources cited as entries for BibLaTeX, which knows months and days."""
    items = [item.noted for item in bibliography(report)]
    return _unparted(pandoc.convert(tree.to_bytes([], {"references": items}), "--wrap=none", to="biblatex"))


def _made(report: Report, setting: Setting, target: str) -> list[Node]:
    """Return the tree dressed for a target, with the citations and references asked for."""
    language, items = report.brief.language, bibliography(report)
    manner = _manner(setting, report, items)
    own = _own(report, setting, target, manner, items)
    if setting.citations == "keys":
        return _dressed(blocks(report, own, manner, None), target)
    if not setting.style:
        return _dressed(blocks(report, own, manner, numbered(report)), target)
    made = blocks(report, own, manner, [tree.group([], name="refs")])
    done = styled(made, [item.fields for item in items], style=setting.style, language=language)
    return _dressed(done, target)


def _unparted(data: bytes) -> bytes:
    """Return TeX without word joiners, which some of its programs refuse; nobody takes brackets for markers there."""
    return data.replace(tree.JOINER.encode(), b"")


def _code(report: Report) -> str:
    """Return the language's code; English where it is none."""
    return report.brief.language if re.fullmatch("[a-z]{2,3}", report.brief.language) else "en"


def _whole(made: Sequence[Node], report: Report, about: Mapping[str, object] | None = None) -> bytes:
    return tree.to_bytes(made, {"lang": _code(report), **(about or {})})


def _own(report: Report, setting: Setting, target: str, manner: Manner, items: Sequence[Item]) -> Own:
    """Return how what the author typed is set: as it is in Markdown, else read."""
    if target == "markdown":
        return Verbatim(_typed(setting, items))
    held = {entry.number: entry for entry in report.sources}

    def cited(numbers: Sequence[int]) -> list[Node]:
        entries = [held[number] for number in numbers if number in held]
        keys = [excerpt.key for entry in entries for excerpt in entry.excerpts]
        return manner.cite(entries, keys) if len(entries) == len(numbers) else []

    return Parsed(report, pandoc.read_markdown, cited)


def _manner(setting: Setting, report: Report, items: Sequence[Item]) -> Manner:
    if setting.citations == "footnotes":
        return Manner(in_notes(report), gap="", after=report.brief.language != "es")
    if not setting.style and setting.citations != "keys":
        return Manner(by_number, gap="\u00a0")
    by_entry = {item.source.number: item for item in items}

    def by_key(entries: Sequence[NumberedSource], keys: Sequence[str]) -> list[Node]:
        return [tree.citation((by_entry[entry.number].key, locator(by_entry[entry.number], keys)) for entry in entries)]

    return Manner(by_key, gap=" ")


def _typed(setting: Setting, items: Sequence[Item]) -> Callable[[Sequence[int]], str]:
    """Return what stands in the author's own Markdown for markers of ours: keys, or they themselves."""
    keys = {item.source.number: item.key for item in items}

    def cite(numbers: Sequence[int]) -> str:
        known = setting.citations == "keys" and all(number in keys for number in numbers)
        return f"[{'; '.join(f'@{keys[number]}' for number in numbers)}]" if known else ""

    return cite


def _dressed(made: Sequence[Node], target: str) -> list[Node]:
    """Return the blocks with notes and references as the target sets them."""
    dressed: list[Node] = []
    for block in made:
        kind = next(iter(block["c"][0][1]), "") if block["t"] == "Div" else ""
        of_style = kind == REFERENCES and block["c"][0][0] == "refs"
        if kind not in {NOTE, REFERENCES} or (of_style and target == "latex"):
            dressed.append(block)  # pandoc has an environment for it
        elif target in _DRESS:
            before, after = _DRESS[target][kind]
            dressed += [tree.raw(before, target), *block["c"][1], tree.raw(after, target)]
        elif target == "docx":
            dressed.append(tree.group(block["c"][1], style=NOTE_STYLE if kind == NOTE else REFERENCE_STYLE))
        else:
            dressed += [tree.quotation(block["c"][1])] if kind == NOTE else block["c"][1]
    return dressed


def _letters(string: Node) -> list[Node]:
    """Return letters that typst would take for a dash, a minus sign or an ellipsis, escaped one by one."""
    pieces = _TYPED_DASH.split(string["c"])
    return [
        tree.raw_inline("\\" + piece, "typst") if place % 2 else tree.string(piece)
        for place, piece in enumerate(pieces)
        if piece
    ]
