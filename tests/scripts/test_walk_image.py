"""Does the walk through a Dockerfile do what an engine would? A small Dockerfile, without network."""

from pathlib import Path

import pytest

from scripts.dockerfile import Step, read_stages
from scripts.walk_image import StepFailed, walk_through

DOCKERFILE = """\
# Says nothing.
FROM python:3.11-slim AS first
ENV PATH=/opt/venv/bin:$PATH GREETING=hello
WORKDIR /build
COPY one.txt two.txt ./
RUN cat one.txt \\
    two.txt > /build/both.txt && mkdir /index

FROM first AS second
ARG NAME=world
# In the midst of a stage.
RUN echo "$GREETING $NAME" >> both.txt && python -c "import sys; print(sys.version_info[0])" > /index/python

FROM python:3.11-slim
RUN useradd --uid 10001 bot && install -d -o bot /data
WORKDIR /app
COPY --from=second /index /index
COPY --from=second /build/both.txt ./
COPY folder folder
RUN touch /data/written
CMD ["python"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "folder" / "__pycache__").mkdir(parents=True)
    (tmp_path / "folder" / "in.txt").touch()
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"{name}\n")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return tmp_path


def test_stages_are_read_with_their_steps(project: Path) -> None:
    first, second, image = read_stages(project / "Dockerfile")
    assert first.all("RUN") == ["cat one.txt      two.txt > /build/both.txt && mkdir /index"]
    assert (second.base, second.name, second.steps[0]) == ("first", "second", Step("ARG", "NAME=world"))
    assert image.name == ""


def test_every_step_is_done_in_the_folder_of_its_stage(project: Path) -> None:
    folder = project / "walk"
    _, image = walk_through(project, folder, None, 8081)
    files = {file.relative_to(image.root).as_posix() for file in image.root.rglob("*") if file.is_file()}
    assert files == {"app/both.txt", "app/folder/in.txt", "index/python", "data/written"}
    assert (image.root / "app/both.txt").read_text() == "one\ntwo\nhello world\n"
    assert (image.root / "index/python").read_text() == "3\n"
    assert (folder / "first/build/both.txt").read_text() == "one\ntwo\n"


def test_a_step_that_fails_ends_the_walk(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM scratch\nRUN false\n")
    with pytest.raises(StepFailed, match="exit code 1"):
        walk_through(project, project / "walk", None, 8081)
