"""A wrong setting is refused at start, by its name and with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.policy_file import install_policy
from server.settings import Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"SUDA_{name.upper()}", raising=False)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "eighty", "SUDA_PORT"),
        ("PORT", "70000", "SUDA_PORT"),
        ("BOTS", "0", "SUDA_BOTS"),
        ("TELEGRAM_MODE", "push", "SUDA_TELEGRAM_MODE"),
        ("TELEGRAM_WEBHOOK_SECRET", "with space", "SUDA_TELEGRAM_WEBHOOK_SECRET"),
        ("WECHAT_AES_KEY", "short", "SUDA_WECHAT_AES_KEY"),
        ("WECHAT_APP_ID", "wx1", "needed together"),
        ("SECRET_KEY", "short", "SUDA_SECRET_KEY"),
        ("TIMEZONE", "Mars/Olympus", "SUDA_TIMEZONE"),
        ("LOG_LEVEL", "loud", "SUDA_LOG_LEVEL"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    monkeypatch.setenv(f"SUDA_{name}", value)
    with pytest.raises(SettingsError, match=reason):
        load_settings()


def test_the_phones_are_never_shown_to_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDA_HOST", "0.0.0.0")
    assert not load_settings().playground_is_on
    monkeypatch.setenv("SUDA_PLAYGROUND", "on")
    with pytest.raises(SettingsError, match="loopback"):
        load_settings()


def test_the_phones_are_on_until_a_platform_is_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().playground_is_on
    monkeypatch.setenv("SUDA_TELEGRAM_TOKEN", "1:x")
    assert not load_settings().playground_is_on


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDA_TELEGRAM_TOKEN", "1:very-secret")
    assert "very-secret" not in repr(load_settings())


def test_the_signing_key_is_made_once_and_only_the_owner_may_read_it() -> None:
    settings = load_settings()
    key = settings.signing_key()
    assert settings.signing_key() == key
    assert len(key) >= 32
    assert (settings.data_dir / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("clocks: {first_contact: soon}", "no span"),
        ("clocks: {lunch: 1h}", "lunch"),
        ("hours: {opens: '18:00', closes: '09:00'}", "must open"),
        ("surprise: 1", "surprise"),
        ("routing: [{type: delivery}]", "team"),
        ("][", "SUDA_POLICY_FILE"),
    ],
)
def test_a_wrong_policy_file_is_refused_with_the_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=reason):
        install_policy(Settings(policy_file=path))
