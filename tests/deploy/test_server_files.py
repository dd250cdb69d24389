"""What a server is set up with: systemd units, nginx, compose, the example of settings. Each is read as its program
reads it where that program is here, and by a parser of its language everywhere."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import crossplane
import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from twilio.request_validator import RequestValidator

from bot.app import create_app
from bot.services import Services
from bot.settings import Settings
from deploy.roles import ROLES
from tests.support.carrier import LocalCarrier
from tests.support.phone import Town
from tests.support.ports import free_ports

OF_THE_WEB_ROLE = {"BIND", "WEB_CONCURRENCY", "WEB_THREADS"}
"""Read by deploy/roles.py, and no setting of the bot's."""


@pytest.fixture
def deploy(repository: Path) -> Path:
    return repository / "deploy"


def read_env(file: Path) -> dict[str, str]:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    assert all(re.fullmatch(r"[A-Z_]+=[^\s'\"]*", line) for line in lines), lines
    return dict(line.split("=", 1) for line in lines)


# ---------------------------------------------------------------- settings


def test_the_example_of_settings_names_what_must_be_set_and_nothing_that_is_none(deploy: Path) -> None:
    given = read_env(deploy / "ayllu.env.example")
    known = {name.upper() for name in Settings.model_fields} | OF_THE_WEB_ROLE
    assert given.keys() <= known
    assert {
        name.upper() for name, field in Settings.model_fields.items() if field.is_required()
    } <= given.keys()


def test_the_example_filled_in_is_right(deploy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = {
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "a token of thirty-two characters",
        "TWILIO_WHATSAPP_FROM": "+5117000001",
        "TWILIO_SMS_FROM": "+5117000002",
        "SECRET_KEY": "k" * 48,
        "METRICS_TOKEN": "m" * 24,
    }
    given = read_env(deploy / "ayllu.env.example")
    assert {name for name, value in given.items() if not value} == filled.keys()
    for name, value in (given | filled).items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    assert settings.live
    assert settings.proxies == 1


# ---------------------------------------------------------------- systemd


def unit_files(deploy: Path) -> list[Path]:
    return [file for file in sorted((deploy / "systemd").iterdir()) if file.suffix != ".sh"]


def units(deploy: Path) -> dict[str, dict[str, list[str]]]:
    """Each unit's directives, by its file's name."""
    found = {}
    for file in unit_files(deploy):
        directives: dict[str, list[str]] = {}
        for line in file.read_text(encoding="utf-8").splitlines():
            if "=" in line and not line.startswith("#"):
                name, value = line.split("=", 1)
                directives.setdefault(name, []).append(value)
        found[file.name] = directives
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_finds_no_fault_in_the_units(deploy: Path, tmp_path: Path) -> None:
    home = tmp_path / "opt" / ".venv" / "bin"
    home.mkdir(parents=True)
    for program in ("python", "ayllu"):
        (home / program).symlink_to(sys.executable)
    for file in unit_files(deploy):
        text = file.read_text(encoding="utf-8").replace("/opt/ayllu", str(tmp_path / "opt"))
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    names = [path for path in sorted(tmp_path.iterdir()) if path.is_file()]
    done = subprocess.run(
        ["systemd-analyze", "verify", *names], capture_output=True, text=True, timeout=60, check=False
    )
    ours = [line for line in done.stderr.splitlines() if "ayllu" in line]
    assert not ours, "\n".join(ours)


def test_each_role_has_its_unit_and_each_command_of_a_unit_exists(deploy: Path) -> None:
    started = [command for unit in units(deploy).values() for command in unit.get("ExecStart", [])]
    roles = {command.split()[-1] for command in started if "deploy.roles" in command}
    assert roles == ROLES.keys()
    assert all(command.startswith("/opt/ayllu/.venv/bin/") for command in started)


def test_no_unit_runs_as_root_and_none_may_write_where_it_need_not(deploy: Path) -> None:
    for name, unit in units(deploy).items():
        if "ExecStart" in unit:
            assert unit["User"] == ["ayllu"], name
            assert unit["NoNewPrivileges"] == ["yes"], name
            assert unit["ProtectSystem"] == ["strict"], name
            assert unit["EnvironmentFile"] == ["/etc/ayllu/ayllu.env"], name


def test_a_process_has_longer_to_stop_than_its_longest_job(deploy: Path) -> None:
    """gunicorn takes 20 s to let go, a worker finishes its job within the send lease of 30 s."""
    for name in ("ayllu-web.service", "ayllu-worker@.service", "ayllu-scheduler.service"):
        assert int(units(deploy)[name]["TimeoutStopSec"][0]) > 30
    compose = yaml.safe_load((deploy / "compose" / "compose.yaml").read_text(encoding="utf-8"))
    assert int(compose["x-ayllu"]["stop_grace_period"].removesuffix("s")) > 30


def test_the_target_starts_everything_but_the_backup(deploy: Path) -> None:
    wanted = " ".join(units(deploy)["ayllu.target"]["Wants"]).split()
    files = {re.sub(r"@\d*\.", "@.", name) for name in wanted}
    assert files == {"ayllu-web.service", "ayllu-worker@.service", "ayllu-scheduler.service"}
    assert all((deploy / "systemd" / name).exists() for name in files)


# ---------------------------------------------------------------- nginx


@pytest.fixture
def nginx_conf(deploy: Path, tmp_path: Path) -> Path:
    """The site in a whole configuration, with a certificate of its own."""
    key, cert = _certificate(tmp_path)
    site = (deploy / "nginx" / "ayllu.conf").read_text(encoding="utf-8")
    site = re.sub(r"/etc/letsencrypt/\S+/fullchain\.pem", str(cert), site)
    site = re.sub(r"/etc/letsencrypt/\S+/privkey\.pem", str(key), site)
    site = site.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "site.conf").write_text(site, encoding="utf-8")
    whole = tmp_path / "nginx.conf"
    whole.write_text(
        f"worker_processes auto; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n",
        encoding="utf-8",
    )
    return whole


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ayllu.example.pe")])
    now = datetime.now(UTC)
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    key_file, cert_file = folder / "key.pem", folder / "cert.pem"
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    cert_file.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    return key_file, cert_file


def test_nginx_would_know_every_directive_in_its_place(nginx_conf: Path) -> None:
    parsed = crossplane.parse(str(nginx_conf), strict=True)
    assert parsed["status"] == "ok", parsed["errors"]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
def test_nginx_takes_the_configuration(nginx_conf: Path) -> None:
    done = subprocess.run(
        ["nginx", "-t", "-q", "-c", str(nginx_conf)], capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_known_weakness_is_in_the_nginx_configuration(nginx_conf: Path) -> None:
    gixy = Path(sys.executable).with_name("gixy")
    done = subprocess.run(
        [str(gixy), "--format=json", str(nginx_conf)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout or "[]") == []


def test_nginx_takes_in_whole_what_comes_and_lets_through_what_is_ours(
    nginx_conf: Path, services: Services
) -> None:
    """Every first part of a route leads to the bot, by `location /` or one of its own."""
    parsed = crossplane.parse(str(nginx_conf))
    (site,) = [file for file in parsed["config"] if file["file"].endswith("site.conf")]
    servers = [block for block in site["parsed"] if block["directive"] == "server"]
    (tls,) = [server for server in servers if any(one["args"][:1] == ["443"] for one in server["block"])]
    said = {one["directive"]: one["args"] for one in tls["block"]}
    assert said["proxy_buffering"] == said["proxy_request_buffering"] == ["on"]
    assert said["proxy_next_upstream"] == ["off"]
    locations = {tuple(one["args"]) for one in tls["block"] if one["directive"] == "location"}
    assert ("/",) in locations
    routes = {rule.rule for rule in create_app(services).url_map.iter_rules()}
    assert {path for mark, path in (one for one in locations if len(one) == 2)} <= routes


@pytest.fixture
def behind_nginx(nginx_conf: Path, carrier: LocalCarrier) -> Iterator[tuple[str, str]]:
    """nginx with this configuration before the bot: its addresses, by HTTP and by HTTPS."""
    plain, tls = free_ports(), free_ports()
    site = nginx_conf.with_name("site.conf")
    text = site.read_text(encoding="utf-8").replace("127.0.0.1:8000", carrier.bot_url.removeprefix("http://"))
    text = re.sub(r"listen 80;", f"listen 127.0.0.1:{plain};", text)
    text = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;", text)
    text = re.sub(r"listen \[::\]:\d+[^;]*;", "", text)
    site.write_text(text, encoding="utf-8")
    process = subprocess.Popen(["nginx", "-c", str(nginx_conf), "-g", "daemon off;"])
    try:
        deadline = time.monotonic() + 20
        while not listens(tls):
            assert time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{tls}"
    finally:
        process.terminate()
        process.wait(20)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here")
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_through_nginx_the_carrier_and_browsers_reach_the_bot(
    services: Services, carrier: LocalCarrier, behind_nginx: tuple[str, str]
) -> None:
    plain, tls = behind_nginx
    town = Town(services, carrier)
    moved = requests.get(f"{plain}/console/", allow_redirects=False, timeout=10)
    assert (moved.status_code, moved.headers["Location"]) == (301, "https://127.0.0.1/console/")
    assert requests.get(f"{tls}/healthz", verify=False, timeout=10).json() == {"status": "alive"}
    page = requests.get(f"{tls}/console/entrar", verify=False, timeout=10)
    assert page.status_code == 200
    assert page.headers["Server"] == "nginx"

    form = {"MessageSid": "SM1", "From": "+51900000011", "To": carrier.sms_number, "Body": "hola"}
    signed = RequestValidator(carrier.auth_token).compute_signature(
        f"{services.settings.public_url}/twilio/messages", form
    )
    for signature, status in ((signed, 200), ("another", 403)):
        answer = requests.post(
            f"{tls}/twilio/messages",
            data=form,
            headers={"X-Twilio-Signature": signature},
            verify=False,
            timeout=10,
        )
        assert answer.status_code == status
    town.settle()
    assert len(town.heard("+51900000011", "sms")) == 1


# ---------------------------------------------------------------- compose


@pytest.fixture
def compose(deploy: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((deploy / "compose" / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_each_role_is_a_service_and_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    roles = {
        service["command"][0]: name
        for name, service in compose["services"].items()
        if service.get("image") == "ayllu" and "command" in service
    }
    assert roles.keys() == ROLES.keys()
    for service in compose["services"].values():
        for other, how in service.get("depends_on", {}).items():
            assert other in compose["services"]
            healthy = how["condition"] != "service_healthy" or "healthcheck" in compose["services"][other]
            assert healthy, f"{other} has no health check"


def test_everything_that_a_service_names_is_there(compose: dict[str, Any]) -> None:
    volumes, secrets = compose["volumes"].keys(), compose["secrets"].keys()
    for service in compose["services"].values():
        assert set(service.get("secrets", [])) <= secrets
        named = {one.split(":")[0] for one in service.get("volumes", []) if not one.startswith(".")}
        assert named <= volumes


def test_only_this_machine_reaches_a_container_and_ours_may_do_little(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if service["image"] == "ayllu":
            assert service["read_only"], name
            assert service["cap_drop"] == ["ALL"], name


def test_the_settings_that_compose_gives_are_settings(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Settings.model_fields} | OF_THE_WEB_ROLE
    given = {name.removesuffix("_FILE") for name in compose["x-ayllu"]["environment"]}
    assert given <= known


# ---------------------------------------------------------------- the image


def test_the_image_has_every_package_that_it_runs(repository: Path) -> None:
    lines = (repository / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    ignored = (repository / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert {"bot", "nlp", "matching", "workers", "deploy"} <= copied & let_in
    assert all((repository / name).exists() for name in let_in)


def test_no_script_of_the_repository_has_a_fault_of_form(repository: Path) -> None:
    scripts = [repository / ".ci" / "run", *repository.glob("deploy/**/*.sh")]
    for script in scripts:
        done = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
