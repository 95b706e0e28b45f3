"""The same folder, reader and embedder with naive LangChain and with rag, twice in a row: time, embeddings, duplicates.

    pip install --target .lc --no-deps langchain-chroma langchain-text-splitters
    PYTHONPATH=.lc python -m benchmarks.rivals FOLDER [FILES] [bundled|random]

LangChain as its tutorials have it: every file read, RecursiveCharacterTextSplitter of 800 characters,
`Chroma.from_documents` into a folder. Its texts come from our reader, so that readers are not compared. Each run is a
process of its own. `random` embeds at no cost: what remains is what is around the encoder.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.random_embedder import RandomEmbedder
from rag.config import Config
from rag.embed import BundledEmbedder
from rag.errors import SourceError
from rag.folder import corpus_files
from rag.pipeline import index_folder
from rag.read import read_file

if TYPE_CHECKING:
    from rag.embed import Embedder

CHARACTERS = 800
TOLD = ("seconds", "chunks", "embedded", "rows", "duplicates")


def langchain(corpus: Path, folder: Path, embedder: Embedder) -> dict[str, Any]:
    """Read, split and store all files as LangChain's tutorials do."""
    from langchain_chroma import Chroma  # type: ignore[import-not-found]  # installed for this alone
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter  # type: ignore[import-not-found]  # as above

    class Counted(Embeddings):
        embedded = 0

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            self.embedded += len(texts)
            return [row.tolist() for row in embedder.passages(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(number) for number in embedder.queries([text])[0]]

    documents = []
    for path in map(corpus.joinpath, corpus_files(corpus)):
        try:
            texts = [document.text for document in read_file(path, corpus=corpus)]
        except SourceError:
            continue
        documents += [Document(text, metadata={"source": str(path)}) for text in texts]
    chunks = RecursiveCharacterTextSplitter(chunk_size=CHARACTERS, chunk_overlap=0).split_documents(documents)
    counted = Counted()
    store = Chroma.from_documents(chunks, counted, persist_directory=str(folder))
    held = store.get()["documents"]
    return {
        "chunks": len(chunks),
        "embedded": counted.embedded,
        "rows": len(held),
        "duplicates": len(held) - len(set(held)),
    }


def ours(corpus: Path, folder: Path, embedder: Embedder) -> dict[str, Any]:
    """Index."""
    from rag.index import Index

    result = index_folder(corpus, folder, config=Config(), embedder=embedder)
    with Index(folder) as index:
        (rows, texts) = index.catalog._db.execute("SELECT count(*), count(DISTINCT text) FROM chunk").fetchone()  # noqa: SLF001
    return {"chunks": result.chunks, "embedded": result.embedded, "rows": rows, "duplicates": rows - texts}


def once(who: str, corpus: str, folder: str, engine: str) -> None:
    """Do one run and print what it did as JSON."""
    embedder: Embedder = BundledEmbedder() if engine == "bundled" else RandomEmbedder()
    started = time.perf_counter()
    did = {"langchain": langchain, "ours": ours}[who](Path(corpus), Path(folder), embedder)
    print(json.dumps(did | {"seconds": round(time.perf_counter() - started, 2)}))


def main() -> None:
    """Run both sides twice and print a table."""
    if sys.argv[1] == "once":
        once(*sys.argv[2:])
        return
    source, (files, engine) = Path(sys.argv[1]), (*sys.argv[2:], *("20", "bundled")[len(sys.argv) - 2 :])
    with tempfile.TemporaryDirectory() as name:
        corpus = Path(name, "corpus")
        corpus.mkdir()
        for path in [source / name for name in corpus_files(source)][: int(files)]:
            shutil.copy2(path, corpus)
        print(f"| side, run | {' | '.join(TOLD)} |\n|---|{'---|' * len(TOLD)}")
        for number in (1, 2):
            for who in ("langchain", "ours"):
                command = [sys.executable, "-m", "benchmarks.rivals", "once", who, str(corpus), f"{name}/{who}", engine]
                did = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)  # noqa: S603 - our own program
                print(f"| {who}, run {number} | {' | '.join(str(did[one]) for one in TOLD)} |", flush=True)


if __name__ == "__main__":
    main()
