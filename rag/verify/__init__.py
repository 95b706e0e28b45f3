"""Every sentence against what it cites: by form, without a model, and by meaning, where a judge was fitted."""

from rag.verify.checks import (
    Checked,
    check_author,
    check_sentence,
    coverage,
    judge_meaning,
    section_words,
)

__all__ = ["Checked", "check_author", "check_sentence", "coverage", "judge_meaning", "section_words"]
