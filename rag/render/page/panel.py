"""The empty panel that the script fills with an excerpt, and the words that it needs for that. Apparatus → HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.render.page.markup import NOTHING, Html, tag, text

if TYPE_CHECKING:
    from rag.render.page.apparatus import Apparatus


def panel(apparatus: Apparatus) -> Html:
    """Return the panel, hidden."""
    say = apparatus.say
    buttons = (
        ("previous", "←", say(es="Cita anterior", en="Previous citation")),
        ("next", "→", say(es="Cita siguiente", en="Next citation")),
        ("close", "×", say(es="Cerrar", en="Close")),
    )
    steps = (
        tag("button", text(sign), type="button", class_=f"step {name}", aria_label=label, title=label)
        for name, sign, label in buttons
    )
    bar = tag("div", tag("h2", NOTHING, id="panel-title", tabindex=-1, aria_live="polite"), *steps, class_="bar")
    said = tag("div", tag("p", class_="cited-by heard"), tag("p", class_="cited-as"), class_="citing")
    label = say(es="Extracto", en="Excerpt")
    scroll = tag("div", said, tag("div", class_="shown"), class_="scroll", tabindex=0, role="group", aria_label=label)
    return tag(
        "div", bar, scroll,
        id="panel", class_="panel", role="dialog", aria_labelledby="panel-title", hidden=True, **_wordings(apparatus),
    )  # fmt: skip


def _wordings(apparatus: Apparatus) -> dict[str, str]:
    say = apparatus.say
    return {
        "data_of": say(es="Cita {n} de {all}", en="Citation {n} of {all}"),
        "data_excerpt": say(es="Extracto de la fuente {n}", en="Excerpt of source {n}"),
        "data_exact": say(
            es="Marcadas: las palabras que la frase toma del extracto.",
            en="Marked: the words that the sentence takes from the excerpt.",
        ),
        "data_like": say(
            es="Subrayado: lo más parecido del extracto; la frase lo dice con otras palabras.",
            en="Underlined: what is most like it in the excerpt; the sentence says it in other words.",
        ),
        "data_none": say(
            es="La frase no toma palabras de este extracto.", en="The sentence takes no words of this excerpt."
        ),
        "data_sorted": say(es="Fuentes por {by}, {way}", en="Sources by {by}, {way}"),
        "data_up": say(es="de menor a mayor", en="ascending"),
        "data_down": say(es="de mayor a menor", en="descending"),
    }
