"""What an encoder makes of the language itself, apart from what is said: so that neither language drowns the other.

Multilingual encoders put a text nearer to any text of its own language than to one of another that says the same. How
much nearer is measured on sentences that say the same in both, and taken off. `Vectors` → levels by language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.embed import CachedEmbedder, Vectors

LEVELLED = 0.75
"""Share of the difference between languages that is taken off: of two passages that say the same, the one in the
query's language stays first.
"""
PARALLEL: Mapping[str, tuple[str, ...]] = {
    "es": (
        "El estudio siguió a doscientas personas durante tres años.",
        "Los resultados dependen de la calidad de los datos de partida.",
        "La ley exige que se informe a las personas afectadas.",
        "No hay acuerdo sobre la mejor manera de medirlo.",
        "El método es rápido, pero necesita muchos ejemplos.",
        "La temperatura media del mar ha subido en las últimas décadas.",
        "Los autores describen sus límites y proponen otros trabajos.",
        "El archivo guarda cartas, mapas y fotografías del siglo pasado.",
        "Las escuelas rurales tienen menos profesores y menos medios.",
        "Se recogieron muestras de agua en doce puntos del río.",
        "La vacuna protege mejor a los adultos jóvenes que a los mayores.",
        "El programa se puede descargar y modificar libremente.",
        "La novela se tradujo a quince lenguas en pocos años.",
        "El precio de la vivienda crece más deprisa que los salarios.",
        "Los árboles se eligieron al azar dentro de cada parcela.",
        "La encuesta se hizo por teléfono en las capitales de provincia.",
        "El tratamiento redujo el dolor sin efectos graves.",
        "Las dos teorías explican los mismos hechos de otra manera.",
        "El puente se cerró al tráfico para reparar sus cimientos.",
        "La red aprende a reconocer objetos en imágenes borrosas.",
        "Los votantes de más edad acuden más a las urnas.",
        "La luz de las galaxias lejanas tarda millones de años en llegar.",
        "El museo abrirá una sala dedicada a la cerámica antigua.",
        "Los errores de medida se corrigieron antes del análisis.",
    ),
    "en": (
        "The study followed two hundred people for three years.",
        "The results depend on the quality of the original data.",
        "The law requires that the people affected be informed.",
        "There is no agreement on the best way to measure it.",
        "The method is fast, but it needs many examples.",
        "The mean temperature of the sea has risen in recent decades.",
        "The authors describe its limits and propose further work.",
        "The archive keeps letters, maps and photographs of the last century.",
        "Rural schools have fewer teachers and fewer resources.",
        "Water samples were taken at twelve points along the river.",
        "The vaccine protects young adults better than older ones.",
        "The program can be downloaded and modified freely.",
        "The novel was translated into fifteen languages within a few years.",
        "The price of housing grows faster than wages.",
        "The trees were chosen at random within each plot.",
        "The survey was carried out by telephone in provincial capitals.",
        "The treatment reduced pain without serious effects.",
        "The two theories explain the same facts in another way.",
        "The bridge was closed to traffic to repair its foundations.",
        "The network learns to recognise objects in blurred images.",
        "Older voters turn out more at the polls.",
        "The light of distant galaxies takes millions of years to arrive.",
        "The museum will open a room devoted to ancient ceramics.",
        "Measurement errors were corrected before the analysis.",
    ),
}
"""Sentences of ours on many subjects, each in both languages."""


class Tongues:
    """The place of each language in an encoder's space: the mean of its `PARALLEL` sentences."""

    def __init__(self, embedder: CachedEmbedder) -> None:
        vectors = embedder.passages([text for held in PARALLEL.values() for text in held])
        halves = np.split(vectors, len(PARALLEL))
        self._places = {language: half.mean(axis=0) for language, half in zip(PARALLEL, halves, strict=True)}

    def levels(self, query: Vectors) -> dict[str, float]:
        """Return by how much passages of a language are nearer to a query for their language alone, the mean over the
        languages being 0.
        """
        near = {language: float(query @ place) for language, place in self._places.items()}
        mean = sum(near.values()) / len(near)
        return {language: LEVELLED * (value - mean) for language, value in near.items()}

    def language_of(self, query: Vectors) -> str:
        """Return the language a query is nearest to."""
        return max(self._places, key=lambda language: float(query @ self._places[language]))
