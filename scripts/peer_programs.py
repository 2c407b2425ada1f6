"""How fast is one program of search? Run by benchmark_peers in each program's own environment.

peer_programs.py NAME FOLDER [build]

FOLDER holds texts.json, questions.json and, once built, the index in NAME/.

Each is used as its documentation shows: same texts, same model, the best three passages of a question.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

BEST = 3
ASKERS, TURNS = 64, 3  # each asks so often
Search = Callable[[str], list[int]]


def plain(texts: list[str], model: str, kept: Path) -> Search:
    """sentence-transformers and a flat FAISS index."""
    import faiss
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(model, device="cpu")
    file = kept / "index.faiss"
    if not file.exists():
        rows = encoder.encode(texts, normalize_embeddings=True)
        flat = faiss.IndexFlatIP(rows.shape[1])
        flat.add(rows)
        faiss.write_index(flat, str(file))
    index = faiss.read_index(str(file))

    def search(question: str) -> list[int]:
        _, numbers = index.search(encoder.encode([question], normalize_embeddings=True), BEST)
        return list(numbers[0])

    return search


def txtai(texts: list[str], model: str, kept: Path) -> Search:
    """https://neuml.github.io/txtai/embeddings/"""
    from txtai import Embeddings

    embeddings = Embeddings(path=model)
    if not (kept / "index").exists():
        embeddings.index(texts)
        embeddings.save(str(kept / "index"))
    embeddings.load(str(kept / "index"))
    return lambda question: [number for number, _ in embeddings.search(question, BEST)]


def langchain(texts: list[str], model: str, kept: Path) -> Search:
    """The FAISS vector store of langchain-community with HuggingFaceEmbeddings."""
    from langchain_community.vectorstores import FAISS
    from langchain_huggingface import HuggingFaceEmbeddings

    embeddings = HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})
    if not (kept / "index.faiss").exists():
        numbers = [{"number": number} for number in range(len(texts))]
        FAISS.from_texts(texts, embeddings, metadatas=numbers).save_local(str(kept))
    store = FAISS.load_local(str(kept), embeddings, allow_dangerous_deserialization=True)  # its own file
    return lambda question: [found.metadata["number"] for found in store.similarity_search(question, k=BEST)]


def llama_index(texts: list[str], model: str, kept: Path) -> Search:
    """https://developers.llamaindex.ai/python/framework/module_guides/storing/save_load"""
    from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
    from llama_index.core.schema import TextNode
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    embedding = HuggingFaceEmbedding(model_name=model, device="cpu")
    if not (kept / "docstore.json").exists():
        nodes = [TextNode(text=text, id_=str(number)) for number, text in enumerate(texts)]
        VectorStoreIndex(nodes, embed_model=embedding).storage_context.persist(persist_dir=str(kept))
    context = StorageContext.from_defaults(persist_dir=str(kept))
    found: Any = load_index_from_storage(context, embed_model=embedding)
    retriever = found.as_retriever(similarity_top_k=BEST)
    return lambda question: [int(hit.node.node_id) for hit in retriever.retrieve(question)]


def haystack(texts: list[str], model: str, kept: Path) -> Search:
    """The in-memory document store with the embedders of sentence-transformers-haystack."""
    from haystack import Document, Pipeline
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    file = kept / "store.json"
    if not file.exists():
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        embedder = SentenceTransformersDocumentEmbedder(model=model)
        documents = [Document(id=str(number), content=text) for number, text in enumerate(texts)]
        store.write_documents(embedder.run(documents)["documents"])
        store.save_to_disk(str(file))
    store = InMemoryDocumentStore.load_from_disk(str(file))
    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=model, progress_bar=False))
    pipeline.add_component("retriever", InMemoryEmbeddingRetriever(store, top_k=BEST))
    pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def search(question: str) -> list[int]:
        found = pipeline.run({"embedder": {"text": question}})
        return [int(document.id) for document in found["retriever"]["documents"]]

    return search


def ours(_texts: list[str], _model: str, _kept: Path) -> Search:
    """Next Rung: search and decision, over all wordings of the pack and all phrases of small talk."""
    import gc

    gc.disable()  # as the bot does while it starts
    from bot.settings import read_settings
    from index.answer import decide
    from index.embedder import open_embedder
    from index.opening import open_retriever
    from knowledge.kept import read_kept_pack

    settings = read_settings()
    library = read_kept_pack(settings.knowledge_dir, settings.index_dir)
    embedder = open_embedder(settings.embedding_model, settings.index_dir)
    retriever = open_retriever(library, embedder, settings.index_dir)
    places = {note_id: place for place, note_id in enumerate(sorted(library.notes))}
    gc.freeze()
    gc.enable()

    def search(question: str) -> list[int]:
        found = retriever.find_each(question)
        decide(question, found, library)
        return [places[hit.passage_id] for hit in found[0].hits[:BEST]]

    return search


PROGRAMS = {program.__name__: program for program in (ours, plain, txtai, langchain, llama_index, haystack)}


def main() -> int:
    """Print one JSON object."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    texts, model = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    kept = folder / name
    kept.mkdir(exist_ok=True)
    search = PROGRAMS[name](texts, model, kept)
    firsts = [int(search(questions[0])[0])]
    print(json.dumps({"first": "answered"}), flush=True)
    cold = time.process_time()
    if "build" in sys.argv[3:]:
        return 0
    waits, work = [], time.process_time()
    for question in questions:
        began = time.perf_counter()
        firsts.append(int(search(question)[0]))
        waits.append(time.perf_counter() - began)
    work = time.process_time() - work
    many = (questions * TURNS * (-(-ASKERS // len(questions))))[: ASKERS * TURNS]
    began, busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(ASKERS if name != "ours" else 2) as askers:  # ours queues before two workers
        list(askers.map(search, many))
    told = {
        "cold_cpu_s": round(cold, 3),
        "p50_ms": round(sorted(waits)[len(waits) // 2] * 1000, 2),
        "cpu_ms": round(work / len(questions) * 1000, 2),
        "per_s": round(len(many) / (time.perf_counter() - began), 1),
        "per_cpu_s": round(len(many) / (time.process_time() - busy), 1),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "firsts": firsts[1:],
    }
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
