"""The front matter of a brief → its settings, each with its line and, where it is wrong, the fault.

Values are kept as typed: "2023" and "2023-05-17" are text until a setting asks for a date. All faults gather in one
place, so that a person mends a file once. It knows no brief beyond the names of its settings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING

from rag.dates import parse_limit
from rag.errors import DateError
from rag.language import tell
from rag.records import UNDATED, PublicationDate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from yaml.nodes import Node

KEYS = (
    "topic", "role", "words", "language", "since", "until", "as_of", "undated", "retrieved", "pin", "ban", "material",
)  # fmt: skip
"""The settings a front matter may hold."""


def front_matter_end(lines: Sequence[str]) -> int:
    """Return the index of the line that closes the front matter, 0 where none does."""
    return next((index for index, line in enumerate(lines) if index and line.rstrip() in ("---", "...")), 0)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Values by key, each with its line in the file; `faults` gathers what is wrong with them."""

    values: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, key: str, message: str) -> None:
        """Note what is wrong with a key or its value."""
        self.faults.append(
            tell(
                es=f"línea {self.lines.get(key, 1)}: {key}: {message}",
                en=f"line {self.lines.get(key, 1)}: {key}: {message}",
            )
        )

    def text(self, key: str) -> str:
        """Return a single value without outer space, empty where there is none."""
        value = self.values.get(key, "")
        if isinstance(value, str):
            return value.strip()
        self.fault(key, tell(es="admite un valor, no una lista", en="takes one value, not a list"))
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list's values; a single value is a list of one."""
        value = self.values.get(key, ())
        return tuple(filter(None, (item.strip() for item in ((value,) if isinstance(value, str) else value))))

    def choice(self, key: str, pattern: str, *, remedy: str) -> str:
        """Return a single value of the given form, empty where there is none."""
        value = self.text(key)
        if value and not re.fullmatch(pattern, value):
            self.fault(key, tell(es=f"no se entiende «{value}»; {remedy}", en=f"“{value}” is not understood; {remedy}"))
            return ""
        return value

    def limit(self, key: str) -> PublicationDate:
        """Return a date, undated where there is none."""
        value = self.text(key)
        try:
            return parse_limit(value) if value else UNDATED
        except DateError as error:
            self.fault(key, str(error))
            return UNDATED

    def day(self, key: str) -> date | None:
        """Return a date that must be a single day."""
        limit = self.limit(key)
        if limit.known and limit.precision != "day":
            self.fault(
                key,
                tell(
                    es=f"«{limit}» no es un día; escríbelo como 2023-05-17",
                    en=f"“{limit}” is no day; write it like 2023-05-17",
                ),
            )
        return limit.first


def read_front_matter(text: str) -> FrontMatter:
    """Read the lines between the marks; the first of them is line 2 of the file."""
    import yaml  # a brief in the founding form does without

    front = FrontMatter()
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or tell(es="no se puede leer", en="it cannot be read")
        line = mark.line + 2 if mark else 1
        front.faults.append(
            tell(
                es=f"línea {line}: los metadatos no son YAML ({problem}); pon el valor entre comillas",
                en=f"line {line}: the front matter is not YAML ({problem}); put the value in quotes",
            )
        )
        return front
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            _take(front, str(key.value), value, line=key.start_mark.line + 2)
    elif root is not None:
        front.faults.append(
            tell(
                es="línea 2: los metadatos no contienen ajustes; escribe cada uno como «clave: valor»",
                en="line 2: the front matter holds no settings; write each as “key: value”",
            )
        )
    return front


def _take(front: FrontMatter, key: str, node: Node, *, line: int) -> None:
    """Add a key and its value as typed, or the fault they have."""
    from yaml.nodes import ScalarNode, SequenceNode  # as above

    if key in front.lines:
        front.fault(
            key,
            tell(
                es=f"se da otra vez en la línea {line}; deja uno solo",
                en=f"given again in line {line}; keep one of them",
            ),
        )
    front.lines[key] = line
    if key not in KEYS:
        nearest = get_close_matches(key.lower(), KEYS, n=1)
        remedy = (
            tell(es=f"¿querías decir «{nearest[0]}»?", en=f"did you mean “{nearest[0]}”?")
            if nearest
            else tell(es=f"los ajustes son {', '.join(KEYS)}", en=f"the settings are {', '.join(KEYS)}")
        )
        front.fault(key, tell(es=f"no es un ajuste de los encargos; {remedy}", en=f"no setting of a brief; {remedy}"))
    parts = node.value if isinstance(node, SequenceNode) else [node]
    if not all(isinstance(part, ScalarNode) for part in parts):
        front.fault(key, tell(es="admite un texto o una lista de textos", en="takes text or a list of texts"))
        return
    values = tuple(str(part.value) for part in parts if not part.tag.endswith(":null"))
    if values:
        front.values[key] = values if isinstance(node, SequenceNode) else values[0]
