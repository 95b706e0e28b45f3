"""A checked report → Markdown and JSON; excerpts → JSON and lines for a terminal."""

from rag.render.json_output import evidence_json, excerpt_json, finding_json, to_json
from rag.render.lines import excerpt_lines
from rag.render.markdown import escape, to_markdown

__all__ = ["escape", "evidence_json", "excerpt_json", "excerpt_lines", "finding_json", "to_json", "to_markdown"]
