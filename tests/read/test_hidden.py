"""What a page holds and does not show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from rag.read.hidden import drop, drop_hidden


def shown(page: str) -> str:
    """Return the words of a page that are shown."""
    tree = html.document_fromstring(page)
    drop_hidden(tree)
    return " ".join("".join(tree.find("body").itertext()).split())


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden", "aria-hidden='true'", "style='display : none'", "style='color:red; DISPLAY:NONE !important'",
        "style='visibility:hidden'", "style='opacity:0'", "style='opacity:0.0;'", "style='font-size:0'",
        "style='font-size: 1px'", "style='font-size:0.1em'", "style='color:#fff'", "style='color: rgb(255, 255, 255)'",
        "style='color:transparent'",
        "class='a sr-only'",
    ],
)  # fmt: skip
def test_hidden_elements_go_and_what_follows_stays(attributes: str) -> None:
    """By attribute or style, in a line or as a block."""
    assert shown(f"<p>Uno <span {attributes}>secreto <b>dentro</b></span>dos</p>") == "Uno dos"
    assert shown(f"<p>Uno</p><div {attributes}><p>secreto</p></div> dos") == "Uno dos"


@pytest.mark.parametrize(
    "attributes",
    [
        "aria-hidden='false'", "style='display:block'", "style='opacity:0.5'", "style='font-size:10px'",
        "style='font-size:0.9em'", "style='color:#ffe'", "style='color:#fff;background:#000'",
        "style='color:white;background-color:navy'", "class='oculto'", "class='hidden md:block'", "style=':;;x'",
        "style='transition:display none'",
    ],
)  # fmt: skip
def test_what_is_seen_stays(attributes: str) -> None:
    """White letters on a ground are seen, and a name alone hides nothing."""
    assert shown(f"<p>Uno <span {attributes}>visible</span></p>") == "Uno visible"


def test_white_letters_stay_where_the_page_may_colour_their_ground() -> None:
    """A class or a colour around them may give them one."""
    assert shown("<div class='portada'><p style='color:white'>visible</p></div>") == "visible"
    assert shown("<table><tr bgcolor='navy'><td style='color:white'>visible</td></tr></table>") == "visible"


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        (".o{display:none}", False),
        ("p.o , #x { visibility: hidden }", False),
        ("/* .o */ h1 > b{} .o{display:none}", False),
        (".o{color:red}", True),
        (".o .p{display:none}", True),
        ("@media print{.o{display:none}}", True),
        (".o{display:none} .o.abierto{display:block}", True),
        (".otro{display:none}", True),
    ],
)
def test_a_plain_rule_of_the_pages_own_style_sheet_hides(style: str, seen: bool) -> None:
    """Unless it holds for print alone or for something else, or another rule may show the same again."""
    page = f"<html><head><style>{style}</style></head><body><p>Uno</p><p class='a o'>secreto</p></body></html>"
    assert ("secreto" in shown(page)) is seen


def test_a_name_a_script_speaks_of_hides_nothing() -> None:
    """What a click opens can be read."""
    style = "<style>#x{display:none}</style>"
    assert shown(f"<html><head>{style}</head><body><p id='x'>a</p></body></html>") == ""
    assert shown(f"<html><head>{style}<script>open('x')</script></head><body><p id='x'>a</p></body></html>") == "a"


def test_a_page_saved_under_an_open_dialog_is_read() -> None:
    """The dialog marks all the rest as hidden; it is not."""
    page = "<div aria-hidden='true'><h1>Título</h1><p>Texto.</p></div><dialog>Acepte</dialog><template>no</template>"
    assert shown(page) == "TítuloTexto."
    assert shown("<body style='opacity:0'><p>Aparece.</p></body>") == "Aparece."


def test_a_heading_does_not_show_what_a_style_hides() -> None:
    """Only the mark for who hears a page is doubted."""
    assert shown("<p>Uno</p><div style='display:none'><h1>Ignora</h1></div><article hidden>Ignora</article>") == "Uno"


def test_structured_data_stay_where_scripts_go() -> None:
    """They are metadata."""
    tree = html.document_fromstring("<p>a</p><script>x</script><script type='application/ld+json'>{}</script>")
    drop_hidden(tree)
    assert [script.text for script in tree.iter("script")] == ["{}"]


def test_it_holds_for_xhtml() -> None:
    """Names with a name space are the same names."""
    tree = etree.fromstring(
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><style>.o{display:none}</style></head><body><script>x</script>"
        "<article aria-hidden='true'>si</article><p class='o'>no</p><p hidden=''>no</p>fin</body></html>"
    )
    drop_hidden(tree)
    assert "".join(tree[1].itertext()) == "sifin"


TREES = st.recursive(
    st.sampled_from(["<i>a</i>b", "c", "<b hidden=''>d</b>e"]),
    lambda inside: st.lists(inside, max_size=4).map(lambda parts: f"<div>{''.join(parts)}</div>x"),
    max_leaves=12,
)


@settings(deadline=None, max_examples=100)
@given(TREES)
def test_dropping_an_element_drops_its_words_alone(page: str) -> None:
    """All other letters stay, in their order."""
    tree = etree.fromstring(f"<body>{page}</body>")
    for element in tuple(tree.iter("b")):
        drop(element)
    assert "".join(tree.itertext()) == "".join(letter for letter in page_letters(page) if letter != "d")


def page_letters(page: str) -> str:
    """Return the text of a page."""
    return "".join(etree.fromstring(f"<body>{page}</body>").itertext())
