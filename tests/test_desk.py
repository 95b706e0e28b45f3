"""What lies ready to write from: pins and bans by key, what a limit in time leaves out, what a model would be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rag.brief import parse_brief
from rag.config import Config
from rag.errors import BriefError
from rag.pipeline import Plan, plan_brief, write_brief
from rag.records import TimeLimits
from tests.word_embedder import WordEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from rag.records import Brief

MATERIAL = (
    "Mar 8, 2023 · La privacidad de los pacientes preocupa a los hospitales de Europa. "
    "Feb 27, 2024 · El sesgo de los registros pasa a los modelos que aprenden de ellos. "
    "1 día atrás · Las imágenes de la piel oscura faltan en las colecciones públicas."
)


@pytest.fixture
def brief(tmp_path: Path) -> Brief:
    """A brief of two headings with three snippets, one of them undated."""
    text = (
        f"---\ntopic: Datos sintéticos en salud\nlanguage: es\nmaterial: |\n  {MATERIAL}\n---\n# Privacidad\n# Sesgos\n"
    )
    return parse_brief(text, name="brief.md", folder=tmp_path)


def planned(brief: Brief, *, runs: Path | None = None, **settings: str | float) -> Plan:
    """Plan a brief from its own material with the readable embedder."""
    config = replace(Config(), **settings)  # type: ignore[arg-type] # whatever a setting takes
    return plan_brief(brief, index=None, embedder=WordEmbedder(), config=config, runs=runs)


def keys(plan: Plan) -> dict[str, str]:
    """Return the key of each excerpt of a plan by the first words of its text."""
    return {one.text.split(" de ")[0]: one.key for section in plan.sections for one in section.excerpts}


def test_a_pinned_key_serves_and_a_banned_one_does_not(brief: Brief) -> None:
    """By the key as the references print it, with or without its sign."""
    known = keys(planned(brief))
    first, second = planned(replace(brief, pin=(f"k:{known['El sesgo']}",))).sections
    assert second.excerpts[0].key == known["El sesgo"]
    assert known["El sesgo"] not in {one.key for one in first.excerpts}
    without = planned(replace(brief, ban=(known["El sesgo"],)))
    assert known["El sesgo"] not in keys(without).values()


@pytest.mark.parametrize("field", ["pin", "ban"])
def test_a_key_that_is_gone_names_the_nearest_excerpt(brief: Brief, field: str) -> None:
    """What is nearest to the topic, where nothing tells what the key named."""
    with pytest.raises(BriefError, match=r"zzzzzz names no excerpt .*the nearest to the topic is \w{6} \("):
        planned(replace(brief, pin=("zzzzzz",)) if field == "pin" else replace(brief, ban=("zzzzzz",)))


def test_a_kept_run_tells_what_a_lost_key_named(brief: Brief, tmp_path: Path) -> None:
    """The text it named then leads to the excerpt that is nearest now."""
    runs = tmp_path / "runs"
    kept = replace(brief, material=tuple(replace(made, text=made.text + " Aún hoy.") for made in brief.material))
    kept = replace(
        kept, material=tuple(replace(m, source=replace(m.source, id=f"old{m.source.id}")) for m in kept.material)
    )
    write_brief(kept, index=None, embedder=WordEmbedder(), config=Config(), run_dir=runs / "first")
    lost, now = keys(planned(kept))["El sesgo"], keys(planned(brief))["El sesgo"]
    with pytest.raises(BriefError, match=f"the nearest to what it named is now {now}"):
        planned(replace(brief, pin=(lost,)), runs=runs)


def test_what_is_pinned_against_the_limits_is_refused(brief: Brief) -> None:
    """The person has said two things that exclude each other."""
    known = keys(planned(brief))
    limited = replace(brief, pin=(known["El sesgo"],), limits=TimeLimits(as_of=dt.date(2023, 12, 31)))
    with pytest.raises(BriefError, match=r"\(2024-02-27\) lies outside the brief's limits in time"):
        planned(limited)


def test_undated_sources_left_out_are_counted_to_the_reader(brief: Brief) -> None:
    """Under a limit, with the way to admit them; without one, or admitted, nothing is said."""
    limits = TimeLimits(since=dt.date(2023, 1, 1))
    (remark,) = planned(replace(brief, limits=limits)).brief.remarks
    assert "fuentes sin fecha: 1" in remark
    assert planned(brief).brief.remarks == ()
    assert planned(replace(brief, limits=replace(limits, undated="keep"))).brief.remarks == ()


def test_what_a_model_would_be_asked_is_foreseen(brief: Brief) -> None:
    """Nothing without a model; with one its calls and tokens, and a price where prices are set."""
    assert planned(brief).cost is None
    cost = planned(brief, model="tiny").cost
    assert cost is not None
    assert (cost.calls, cost.price) == (2, None)
    assert cost.input_tokens > 1000
    assert cost.output_tokens > 0
    priced = planned(brief, model="tiny", input_price=2.0, output_price=8.0).cost
    assert priced is not None
    assert priced.price == pytest.approx((2 * cost.input_tokens + 8 * cost.output_tokens) / 1e6, abs=1e-6)


def test_a_plan_says_what_is_missing(brief: Brief) -> None:
    """With search strings in both languages for each gap; writing does not seek them."""
    gaps = [gap for section in planned(brief).sections for gap in section.gaps]
    assert gaps
    assert all({language for language, _ in gap.searches} <= {"es", "en"} for gap in gaps)
    assert all(gap.reason for gap in gaps)
