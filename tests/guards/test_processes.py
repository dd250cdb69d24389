"""How the processes run: not as root, with limits on what a request may be and how long it may take."""

from __future__ import annotations

import re
from pathlib import Path

from deploy.roles import command

MOST = {
    "--timeout": 60,
    "--graceful-timeout": 30,
    "--limit-request-line": 4094,
    "--limit-request-fields": 100,
    "--limit-request-field_size": 8190,
}
"""gunicorn's options, and the most that each may be."""


def test_the_image_runs_as_somebody_who_is_not_root(repository: Path) -> None:
    lines = (repository / "Dockerfile").read_text(encoding="utf-8").splitlines()
    last_stage = lines[max(at for at, line in enumerate(lines) if line.startswith("FROM ")) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]
    made = re.search(r"useradd .*--uid (\d+) .*\b(\w+)( |$)", "\n".join(last_stage))
    assert made is not None
    assert int(made[1]) >= 1000
    assert users[-1:] == [made[2]]
    after = last_stage[last_stage.index(f"USER {users[-1]}") :]
    assert not any(line.startswith(("RUN", "COPY", "ADD")) for line in after)
    assert not any("SECRET" in line or "TOKEN" in line for line in lines)


def test_the_web_process_limits_requests_in_size_and_time() -> None:
    given = dict(
        option.split("=", 1) for option in command("web") if option.startswith("--") and "=" in option
    )
    for option, most in MOST.items():
        assert 0 < int(given[option]) <= most, option
    assert given["--access-logfile"] == "/dev/null"
