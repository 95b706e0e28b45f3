"""Write `word.docx`: real footnotes, superscript numbers, a list that Word numbers itself, a tracked deletion."""  # noqa: INP001 - a script beside what it makes

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def run(text: str, properties: str = "") -> str:
    """Return a run."""
    return f'<w:r>{properties and f"<w:rPr>{properties}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "", more: str = "") -> str:
    """Return a paragraph."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{''.join(runs)}</w:p>"


RAISED = '<w:vertAlign w:val="superscript"/>'
LISTED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
BODY = (
    paragraph(run("Datos y hospitales"), style="Ttulo1"),
    paragraph(
        run("Los datos sintéticos permiten compartir registros clínicos sin exponer a los pacientes."),
        run("1", RAISED),
        run(" El riesgo de reidentificación "),
        "<w:del><w:r><w:delText>ya </w:delText></w:r></w:del>",
        run("no desaparece al quitar los "),
        run("nombres", "<w:b/>"),
        run(".2", ""),
        run(" El aula mide 40 m"),
        run("2", RAISED),
        run("."),
    ).replace(run(".2", ""), run(".") + run("2", RAISED)),
    paragraph(
        run("Los Estados deben crear un registro público de los usos secundarios de los datos de salud."),
        '<w:r><w:rPr><w:rStyle w:val="Refdenotaalpie"/></w:rPr><w:footnoteReference w:id="2"/></w:r>',
        run(" El 37,5 % de los comités de ética pidió una evaluación previa &amp; nada más."),
    ),
    paragraph(run("El 37,5 % de los comités de ética pidió "), run("una evaluación", "<w:i/>"), run(" previa.")),
    paragraph(run("Bibliografía"), style="Ttulo1"),
    paragraph(run("García Pérez A. Datos sintéticos en los hospitales públicos. Rev Salud. 2023."), more=LISTED),
    paragraph(run("López L, Gil M. Riesgo de reidentificación en registros abiertos. 2021."), more=LISTED),
)
PARTS = {
    "[Content_Types].xml": HEAD
    + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/></Types>',
    "_rels/.rels": HEAD
    + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    f'Type="{REL}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/styles.xml": HEAD
    + f'<w:styles {W}><w:style w:type="paragraph" w:styleId="Ttulo1"><w:name w:val="heading 1"/></w:style></w:styles>',
    "word/footnotes.xml": HEAD
    + f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2">'
    + paragraph(
        run(
            "Organización Mundial de la Salud (2022). Orientaciones sobre la gobernanza de los datos de salud. "
            "https://www.oms.example.org/gobernanza-datos"
        )
    )
    + "</w:footnote></w:footnotes>",
    "word/document.xml": HEAD
    + f'<w:document {W}><w:body>{"".join(BODY)}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body>'
    "</w:document>",
}

if __name__ == "__main__":
    with ZipFile(Path(__file__).with_name("word.docx"), "w", ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, ZIP_DEFLATED)
