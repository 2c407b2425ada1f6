"""Can what lies in deploy/ be used, and does it speak only of what the bot measures? Read here, not run."""

import configparser
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.chat.metrics import CATALOGUE, PREFIX, Metric, Metrics

DEPLOY = Path(__file__).resolve().parent.parent / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
BOARD: dict[str, Any] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
ASKED = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in BOARD["panels"] for target in panel["targets"]
]
LABELS = re.compile(r"(\w+)\{(\w+)(?:=~|!~|!=|=)")
BY = re.compile(r"by \(([\w, ]+)\)")


def series(metric: Metric) -> set[str]:
    """What Prometheus stores of it."""
    name = PREFIX + metric.name
    return {f"{name}_{part}" for part in ("bucket", "sum", "count")} if metric.kind == "histogram" else {name}


STORED = {name: metric for metric in CATALOGUE for name in series(metric)}


@pytest.mark.parametrize("expression", ASKED)
def test_every_expression_asks_for_what_the_bot_tells(expression: str) -> None:
    named = set(re.findall(rf"\b{PREFIX}\w+", expression))
    assert named <= STORED.keys()
    assert named or re.search(r"\b(up|process_resident_memory_bytes)\b", expression)
    for name, label in LABELS.findall(expression):
        assert label == "job" or label in STORED[name].labels
    grouped = {label.strip() for labels in BY.findall(expression) for label in labels.split(",")}
    assert grouped <= {label for name in named for label in STORED[name].labels} | {"le"}
    for sign, other in ("()", "{}", "[]"):
        assert expression.count(sign) == expression.count(other)


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in ("page", "ticket")


def test_no_two_panels_of_the_board_stand_in_one_place() -> None:
    places = [panel["gridPos"] for panel in BOARD["panels"]]
    cells = [
        (x, y)
        for at in places
        for x in range(at["x"], at["x"] + at["w"])
        for y in [*range(at["y"], at["y"] + at["h"])]
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(places)


def test_prometheus_collects_where_the_alerts_look() -> None:
    told = yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8"))
    assert [job["job_name"] for job in told["scrape_configs"]] == ["nextrung"]
    assert all((DEPLOY / name).is_file() for name in told["rule_files"])


def test_every_metric_is_told_under_its_name() -> None:
    metrics = Metrics()
    for metric in CATALOGUE:
        labels = tuple("x" for _ in metric.labels)
        match metric.kind:
            case "counter":
                metrics.count(metric, *labels)
            case "histogram":
                metrics.time(metric, 0.2, *labels)
            case "gauge":
                metrics.set(metric, {labels: 1})
    told = set(re.findall(rf"^({PREFIX}\w+)", metrics.told().decode(), re.MULTILINE))
    assert {name for name in told if not name.endswith("_created")} == STORED.keys()


def test_names_follow_the_conventions_of_prometheus() -> None:
    for metric in CATALOGUE:
        assert (metric.kind == "counter") == metric.name.endswith("_total")
        assert metric.kind != "histogram" or metric.name.endswith("_seconds")
        assert re.fullmatch(r"[a-z_]+", metric.name)


def test_a_gauge_forgets_what_is_no_longer_so() -> None:
    metrics = Metrics()
    pack = next(metric for metric in CATALOGUE if metric.name == "pack_info")
    for index in ("old", "new"):
        metrics.set(pack, {("Bread", index): 1})
    assert 'index="new"' in metrics.told().decode()
    assert 'index="old"' not in metrics.told().decode()


def unit_of_the_service() -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / "next-rung.service", encoding="utf-8")
    return unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze here")
def test_systemd_understands_the_service(tmp_path: Path) -> None:
    python = tmp_path / "srv/next-rung/.venv/bin/python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    text = (DEPLOY / "next-rung.service").read_text(encoding="utf-8")
    unit = tmp_path / "next-rung.service"
    unit.write_text(text.replace("/srv/next-rung", str(tmp_path / "srv/next-rung")), encoding="utf-8")
    told = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


def test_the_guide_makes_what_the_service_names() -> None:
    guide = (DEPLOY.parent / "docs/small-server.md").read_text(encoding="utf-8")
    service = unit_of_the_service()["Service"]
    assert f"adduser --system --group --home {service['WorkingDirectory']} {service['User']}\n" in guide
    assert f"cp {service['WorkingDirectory']}/deploy/next-rung.service /etc/systemd/system/" in guide


def test_the_service_starts_and_stops_the_bot_as_the_docs_say() -> None:
    service = unit_of_the_service()["Service"]
    assert service["ExecStart"] == f"{service['WorkingDirectory']}/.venv/bin/python -m bot"
    assert service["ExecReload"].endswith("-HUP $MAINPID")
    assert service["RestartPreventExitStatus"] == "2"
    assert int(service["TimeoutStopSec"]) > 5
    assert service["ReadWritePaths"] == f"{service['WorkingDirectory']}/var"
