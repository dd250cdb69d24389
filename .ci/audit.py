"""Whether a known weakness is in what we depend on: uv.lock against PyPI's list of them, by pip-audit.

Ends with 1 when there is one. Without PyPI nothing can be said: then with 0, and with `--strict` with 2.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

UV = str(Path(sys.executable).with_name("uv"))
PIP_AUDIT = "pip-audit==2.10.1"
PATIENCE_S = 120


def main(strict: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        # Training needs more, but nobody sends that a message.
        run(
            UV, "export", "--frozen", "--no-dev", "--no-emit-project", "--quiet", "--output-file", str(wanted)
        )
        told = run(
            UV, "tool", "run", "--quiet", PIP_AUDIT, "--disable-pip", "--require-hashes", "--timeout=10",
            "--progress-spinner=off", "--format=json", f"--requirement={wanted}",
        )  # fmt: skip
    try:
        found = json.loads(told)["dependencies"]
    except ValueError:
        found = []
    looked_at = [one for one in found if "vulns" in one]
    weak = [one for one in looked_at if one["vulns"]]
    for one in weak:
        for weakness in one["vulns"]:
            better = ", ".join(weakness["fix_versions"]) or "no version yet"
            print(f"{one['name']} {one['version']}: {weakness['id']}, mended in {better}")
    print(f"{len(looked_at)} of {len(found)} packages were looked up, {len(weak)} have a known weakness.")
    if weak:
        return 1
    return 2 if strict and (not found or len(looked_at) < len(found)) else 0


def run(*command: str) -> str:
    """What the command says, or nothing where it takes too long."""
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False).stdout  # noqa: S603
    except subprocess.TimeoutExpired:
        return ""


if __name__ == "__main__":
    sys.exit(main(strict="--strict" in sys.argv))
