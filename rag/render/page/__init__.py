"""The report page: one HTML file with the text, its evidence, and how far the checks saw. Report → str."""

from rag.render.page.whole import to_html

__all__ = ["to_html"]
