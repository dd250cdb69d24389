"""Settings that are wrong are all said at once, by the name one sets them by."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError

GOOD = {
    "DATABASE_URL": "postgresql://localhost/ayllu",
    "REDIS_URL": "redis://localhost:6379/0",
    "TWILIO_ACCOUNT_SID": "AC1234",
    "TWILIO_AUTH_TOKEN": "a-token-of-twilio",
    "TWILIO_WHATSAPP_FROM": "whatsapp:+5117000000",
    "TWILIO_SMS_FROM": "+5117000001",
    "PUBLIC_URL": "https://ayllu.example.pe/",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_load_with_their_defaults(environment: pytest.MonkeyPatch) -> None:
    settings = Settings.load()
    assert (settings.port, settings.public_url, settings.live) == (8000, "https://ayllu.example.pe", True)


def test_only_twilios_own_address_is_live(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TWILIO_API_URL", "http://127.0.0.1:8001")
    assert not Settings.load().live


def test_a_secret_may_come_from_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("token-from-a-file\n")
    environment.delenv("TWILIO_AUTH_TOKEN")
    environment.setenv("TWILIO_AUTH_TOKEN_FILE", str(tmp_path / "token"))
    assert Settings.load().twilio_auth_token.get_secret_value() == "token-from-a-file"


def test_a_secrets_file_that_cannot_be_read_is_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("SECRET_KEY_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(SettingsError, match=r"SECRET_KEY_FILE.*nowhere"):
        Settings.load()


def test_every_wrong_setting_is_said_at_once(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("DATABASE_URL")
    environment.setenv("PUBLIC_URL", "ayllu.example.pe")
    environment.setenv("PORT", "99999")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    for name in ("DATABASE_URL", "PUBLIC_URL", "PORT"):
        assert name in str(caught.value)


SID = "HX" + "0123456789abcdef" * 2


def test_templates_are_a_json_object_given_as_it_is_or_as_a_file(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings.load().twilio_templates == {}
    environment.setenv("TWILIO_TEMPLATES", f'{{"greet": "{SID}"}}')
    assert Settings.load().twilio_templates == {"greet": SID}
    (tmp_path / "templates.json").write_text(f'{{"thank": "{SID}"}}')
    environment.setenv("TWILIO_TEMPLATES_FILE", str(tmp_path / "templates.json"))
    assert Settings.load().twilio_templates == {"thank": SID}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (f'{{"greet": "{SID}", "gret": "{SID}", "bye": "{SID}"}}', "no wording is called bye, gret"),
        ('{"greet": "HX1"}', "no ContentSid .*: greet"),
        ('{"greet": 1}', "TWILIO_TEMPLATES: Input should be a valid string"),
        ("[]", "must be a JSON object"),
        ("greet=HX1", "is no JSON"),
    ],
)
def test_a_wrong_template_is_named(environment: pytest.MonkeyPatch, given: str, told: str) -> None:
    environment.setenv("TWILIO_TEMPLATES", given)
    with pytest.raises(SettingsError, match=f"TWILIO_TEMPLATES.*{told}|{told}"):
        Settings.load()


def test_a_wrong_secret_is_never_shown(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SECRET_KEY", "tooshort-but-secret")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert "tooshort-but-secret" not in str(caught.value)


@pytest.mark.parametrize("given", ["{0},{1}", " {0} , {1},", '["{0}", "{1}"]'])
def test_former_secrets_are_a_list(environment: pytest.MonkeyPatch, given: str) -> None:
    assert Settings.load().former_secrets == []
    first, second = "f" * 32, "s" * 40
    environment.setenv("SECRET_KEYS_OLD", given.format(first, second))
    assert Settings.load().former_secrets == [first, second]


def test_a_wrong_former_secret_is_never_shown(environment: pytest.MonkeyPatch) -> None:
    for given in ("f" * 32 + ",tooshort-but-secret", '["tooshort-but-secret'):
        environment.setenv("SECRET_KEYS_OLD", given)
        with pytest.raises(SettingsError, match="SECRET_KEYS_OLD") as caught:
            Settings.load()
        assert "tooshort" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://tiles.example.pe/{z}/{x}.png",
        "http://tiles.example.pe/{z}/{x}/{y}.png",
        "https://tiles.example.pe/{z}/{x}/{y}/{r}.png",
        "https:///{z}/{x}/{y}.png",
    ],
)
def test_a_tile_servers_address_has_its_three_gaps_and_is_safe(
    environment: pytest.MonkeyPatch, address: str
) -> None:
    environment.setenv("MAP_TILES_URL", address)
    with pytest.raises(SettingsError, match="MAP_TILES_URL"):
        Settings.load()
    environment.setenv("MAP_TILES_URL", "https://tiles.example.pe/{z}/{x}/{y}.png")
    assert Settings.load().map_tiles_url == "https://tiles.example.pe/{z}/{x}/{y}.png"
