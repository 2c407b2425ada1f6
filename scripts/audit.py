"""Does a pinned package have a known security hole? Asks PyPI; what it cannot ask about it calls unaudited.

audit.py                                 the packages of constraints.txt
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

PINNED = Path(__file__).resolve().parent.parent / "constraints.txt"
COMMAND = ("pip_audit", "--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off")


def main() -> int:
    """List the holes; exit code 1 if there is one."""
    asked = subprocess.run(
        [sys.executable, "-m", *COMMAND, f"--requirement={PINNED}"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        packages = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        last = (asked.stderr.strip() or "it says nothing").splitlines()[-1]
        print(f"Not audited, as the list of known holes cannot be had: {last[:200]}", file=sys.stderr)
        return 0
    print("\n".join(report(packages)))
    return 1 if any(package.get("vulns") for package in packages) else 0


def report(packages: list[dict[str, Any]]) -> list[str]:
    """A line for each hole, and one for how much was looked at."""
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {_mended_in(hole)}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    unknown = sum("skip_reason" in package for package in packages)
    told = f"{len(packages) - unknown} of {len(packages)} packages audited, {len(holes)} known holes"
    return [*holes, told]


def _mended_in(hole: dict[str, Any]) -> str:
    return ", ".join(hole.get("fix_versions") or ["no version yet"])


if __name__ == "__main__":
    sys.exit(main())
