"""Pandoc's own Word template → ours, by which Word files are styled; and a finished file → the same without a clock.

bytes -> bytes
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE_STYLE = "Report Note"
REFERENCE_STYLE = "Bibliography"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)

_SMALL = '<w:sz w:val="18" /><w:szCs w:val="18" />'
_GREY = '<w:color w:val="595959" />'
_STYLES = f"""
  <w:style w:type="paragraph" w:customStyle="1" w:styleId="ReportNote">
    <w:name w:val="{NOTE_STYLE}" />
    <w:basedOn w:val="BodyText" />
    <w:qFormat />
    <w:pPr>
      <w:pBdr><w:left w:val="single" w:sz="12" w:space="8" w:color="BFBFBF" /></w:pBdr>
      <w:spacing w:before="60" w:after="60" w:line="252" w:lineRule="auto" />
      <w:ind w:left="284" />
    </w:pPr>
    <w:rPr>{_GREY}<w:sz w:val="19" /><w:szCs w:val="19" /></w:rPr>
  </w:style>
"""
_BIBLIOGRAPHY = f"""<w:name w:val="{REFERENCE_STYLE}" />
    <w:basedOn w:val="Normal" />
    <w:qFormat />
    <w:pPr><w:spacing w:after="100" /><w:ind w:left="454" w:hanging="454" /></w:pPr>
    <w:rPr><w:sz w:val="20" /><w:szCs w:val="20" /></w:rPr>
  </w:style>"""
_CHANGES = (
    (r'<w:name w:val="Bibliography" />.*?</w:style>', _BIBLIOGRAPHY),
    (r'(<w:name w:val="Normal" />\s*<w:qFormat />)', r'\1<w:pPr><w:spacing w:line="276" w:lineRule="auto" /></w:pPr>'),
    (r'(<w:rPrDefault>.*?)<w:sz w:val="24" />\s*<w:szCs w:val="24" />', r'\1<w:sz w:val="22" /><w:szCs w:val="22" />'),
    (r'(<w:name w:val="Body Text" />.*?)w:before="180" w:after="180"', r'\1w:before="0" w:after="140"'),
    (
        r'(<w:name w:val="Footnote Text" />.*?<w:qFormat />)',
        rf'\1<w:pPr><w:spacing w:after="40" w:line="240" w:lineRule="auto" /></w:pPr><w:rPr>{_SMALL}</w:rPr>',
    ),
    (
        r'(<w:name w:val="Verbatim Char" />.*?)<w:rPr>.*?</w:rPr>',
        rf'\1<w:rPr><w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas" />{_GREY}{_SMALL}</w:rPr>',
    ),
    (r'(<w:name w:val="Hyperlink" />.*?)<w:color [^>]*/>', r'\1<w:color w:val="1F4E79" />'),
    (
        r'(<w:name w:val="heading 1" />.*?)<w:sz w:val="40" />\s*<w:szCs w:val="40" />',
        r'\1<w:sz w:val="32" /><w:szCs w:val="32" />',
    ),
    (
        r'(<w:name w:val="heading 2" />.*?)<w:sz w:val="32" />\s*<w:szCs w:val="32" />',
        r'\1<w:sz w:val="27" /><w:szCs w:val="27" />',
    ),
    (
        r'(<w:name w:val="heading 3" />.*?)<w:sz w:val="28" />\s*<w:szCs w:val="28" />',
        r'\1<w:sz w:val="24" /><w:szCs w:val="24" />',
    ),
)
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer"
_FOOTER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:p><w:pPr><w:jc w:val="center" /></w:pPr>'
    f'<w:fldSimple w:instr=" PAGE "><w:r><w:rPr>{_GREY}{_SMALL}</w:rPr><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
)
_A4 = (
    '<w:footerReference w:type="default" r:id="rId40" />'
    '<w:pgSz w:w="11906" w:h="16838" />'
    '<w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="708" w:footer="708" w:gutter="0" />'
)
_FONT = re.compile(r'(?<=<a:latin typeface=")[^"]+')
_SECTION = re.compile(r"<w:sectPr>\s*<w:footnotePr>.*?</w:footnotePr>\s*</w:sectPr>", re.DOTALL)
_CLOCK = re.compile(r"<dcterms:(created|modified)[^>]*>.*?</dcterms:\1>", re.DOTALL)
_TITLE = re.compile(r"<dc:title>.*?</dc:title>|<dc:title ?/>", re.DOTALL)


def template(default: bytes) -> bytes:
    """Return pandoc's Word template with quiet notes, hanging references, A4 pages and their numbers."""
    parts = _parts(default)
    styles = parts["word/styles.xml"].decode()
    for old, new in _CHANGES:
        styles = re.sub(old, new, styles, count=1, flags=re.DOTALL)
    main = parts["word/document.xml"].decode()
    theme = _FONT.sub("Calibri", parts["word/theme/theme1.xml"].decode())
    links = parts["word/_rels/document.xml.rels"].decode()
    types = parts["[Content_Types].xml"].decode()
    footer = '<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    return _zipped(
        parts
        | {
            "word/styles.xml": styles.replace("</w:styles>", f"{_STYLES}</w:styles>").encode(),
            "word/theme/theme1.xml": theme.encode(),
            "word/document.xml": _SECTION.sub(f"<w:sectPr>{_A4}</w:sectPr>", main).encode(),
            "word/_rels/document.xml.rels": links.replace(
                "</Relationships>", f'<Relationship Type="{_KIND}" Id="rId40" Target="footer1.xml" /></Relationships>'
            ).encode(),
            "word/footer1.xml": _FOOTER.encode(),
            "[Content_Types].xml": types.replace(
                "</Types>", f'{footer}wordprocessingml.footer+xml" /></Types>'
            ).encode(),
        }
    )


def titled(data: bytes, title: str) -> bytes:
    """Return a Word file whose properties give its title and no time: made twice, it is the same to the byte."""
    parts = _parts(data)
    core = _CLOCK.sub("", parts["docProps/core.xml"].decode())
    named = f"<dc:title>{escape(title)}</dc:title>"
    return _zipped(parts | {"docProps/core.xml": _TITLE.sub(lambda _: named, core, count=1).encode()})


def _parts(data: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(name, FIRST_DAY), part, compress_type=ZIP_DEFLATED)
    return out.getvalue()
