"""Small DOCX, ODT and EPUB files made by hand, with what a test wants in them."""

from __future__ import annotations

import io
from zipfile import ZIP_DEFLATED, ZipFile

PROSE = "La generación de datos sintéticos juega un papel clave en la comprensión de las enfermedades."
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "jajajajaja">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)
"""Ten to the ninth letters, for whoever resolves &i;."""
OUTSIDE = '<!DOCTYPE x [<!ENTITY i SYSTEM "file:///etc/hostname">]>'

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMES = " ".join(
    f'xmlns:{name}="{ODF}:{space}:1.0"'
    for name, space in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "meta": "meta",
    }.items()
)


def package(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive of these parts."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return made.getvalue()


def docx(body: str, *, prolog: str = "", styles: str = "", notes: str = "", core: str = "") -> bytes:
    """Return a Word file with this body; its other parts are found by their relations, under odd names."""
    links = {"styles": "estilos.xml", "footnotes": "notas.xml"}
    related = "".join(f'<Relationship Type="{OFFICE}/{kind}" Target="{part}"/>' for kind, part in links.items())
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">'
            f'<Relationship Type="{OFFICE}/officeDocument" Target="/word/texto.xml"/>'
            '<Relationship Type="x/core-properties" Target="docProps/core.xml"/></Relationships>',
            "word/_rels/texto.xml.rels": f'<Relationships xmlns="{RELATIONS}">{related}</Relationships>',
            "word/texto.xml": f'{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
            "word/estilos.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>',
            "word/notas.xml": f'<w:footnotes xmlns:w="{WORD}">{notes}</w:footnotes>',
            "docProps/core.xml": f'<c xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="t">{core}</c>',
        }
    )


def odt(body: str, *, prolog: str = "", styles: str = "", meta: str = "") -> bytes:
    """Return an OpenDocument text with this body and these automatic styles."""
    text = f"<office:body><office:text>{body}</office:text></office:body>"
    content = f"<office:automatic-styles>{styles}</office:automatic-styles>{text}"
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"{prolog}<office:document-content {NAMES}>{content}</office:document-content>",
            "meta.xml": f'<office:document-meta {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/">{meta}</office:document-meta>',
        }
    )


def epub(*pages: str | bytes, metadata: str = "", parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a book of these pages, whole documents or bodies, in reverse order of their names."""
    whole = [
        f"<html><body>{page}</body></html>" if isinstance(page, str) and "<html" not in page else page for page in pages
    ]
    names = [f"p{len(pages) - number} á.xhtml" for number in range(len(pages))]
    items = "".join(f'<item id="i{number}" href="{name.replace(" ", "%20")}"/>' for number, name in enumerate(names))
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(pages)))
    head = 'xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return package(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfile full-path="libro/libro.opf"/></container>',
            "libro/libro.opf": f"<package {head}><metadata>{metadata}</metadata><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>",
            **{f"libro/{name}": page for name, page in zip(names, whole, strict=True)},
            **(parts or {}),
        }
    )
