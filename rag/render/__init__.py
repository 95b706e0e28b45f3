"""A checked report → Markdown, JSON and files; excerpts and plans → JSON, lines and tables."""

from rag.render.files import check_output, save
from rag.render.json_output import evidence_json, excerpt_json, finding_json, left_out_json, plan_json, to_json
from rag.render.lines import excerpt_lines
from rag.render.markdown import escape, to_markdown
from rag.render.pasted import pasted_json, pasted_lines
from rag.render.tables import cost_line, excerpt_table, explain_lines, plan_lines, plan_table, words_lines

__all__ = [
    "check_output",
    "cost_line",
    "escape",
    "evidence_json",
    "excerpt_json",
    "excerpt_lines",
    "excerpt_table",
    "explain_lines",
    "finding_json",
    "left_out_json",
    "pasted_json",
    "pasted_lines",
    "plan_json",
    "plan_lines",
    "plan_table",
    "save",
    "to_json",
    "to_markdown",
    "words_lines",
]
