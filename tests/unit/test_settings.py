"""Settings: read from the environment, refused by name, never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import BadSetting, Settings, describe, read_settings

WRONG = {
    "BOT_PORT": ["nhà", "0", "70000", "80.5"],
    "BOT_BRAINS": ["-1", "65", "nhiều"],
    "BOT_SECRET_KEY": ["bí mật", "ab" * 31],
    "BOT_PUBLIC_ORIGIN": ["hoi.example.gov.vn", "https://hoi.example.gov.vn/duong/dan"],
    "BOT_HOTLINE_NUMBER": ["gọi đi"],
    "BOT_HOTLINE_CHECKED_ON": ["hôm qua"],
    "BOT_HISTORY_DAYS": ["0", "mãi mãi"],
    "BOT_LOG_LEVEL": ["everything"],
    "BOT_NODE": ["x" * 65],
    "BOT_TELEGRAM_MODE": ["on"],
    "BOT_TELEGRAM_SECRET": ["short", "dấu-0123456789abcdef"],
}


def test_nothing_set_gives_the_embedded_default():
    settings = read_settings({"PATH": "/usr/bin"})
    assert settings == Settings()
    assert settings.database == f"sqlite:///{settings.data_folder / 'danhoi.db'}"
    assert settings.origin == "http://127.0.0.1:8080"
    assert settings.brain_count >= 1
    assert settings.data_folder.is_absolute()


def test_what_is_set_empty_is_not_set():
    assert read_settings({"BOT_PORT": "", "BOT_TOKEN": ""}) == Settings()


def test_each_kind_of_value_is_read():
    given = {"BOT_PORT": "9090", "BOT_DATA": "/srv/danhoi", "BOT_BRAINS": "3", "BOT_NODE": "một"}
    settings = read_settings(given)
    assert (settings.port, settings.data, settings.brains) == (9090, "/srv/danhoi", 3)
    assert settings.brain_count == 3
    assert settings.node_name == "một"


def test_an_unknown_name_is_refused_and_named():
    with pytest.raises(BadSetting, match=r"unknown setting BOT_PROT; see docs/settings\.md"):
        read_settings({"BOT_PROT": "9090"})


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in WRONG.items() for v in vs])
def test_a_wrong_value_is_refused_by_name_and_not_shown(name, value):
    with pytest.raises(BadSetting) as refused:
        read_settings({name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert refused.value.__cause__ is None
    if len(value) > 2:  # "0" also stands in "Expected `int` >= 0"
        assert value not in str(refused.value)


TELEGRAM = {
    "BOT_TELEGRAM_TOKEN": "4711:AAx",
    "BOT_TELEGRAM_MODE": "webhook",
    "BOT_TELEGRAM_SECRET": "s-0123456789abcdef",
}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"BOT_TELEGRAM_TOKEN": ""}, "BOT_TELEGRAM_TOKEN"),
        ({"BOT_TELEGRAM_TOKEN": "AAx"}, "BOT_TELEGRAM_TOKEN"),
        ({"BOT_TELEGRAM_SECRET": ""}, "BOT_TELEGRAM_SECRET"),
    ],
)
def test_telegram_is_set_up_whole_or_not_at_all(changed, name):
    assert read_settings(TELEGRAM).telegram_mode == "webhook"
    with pytest.raises(BadSetting, match=name) as refused:
        read_settings(TELEGRAM | changed)
    assert "AAx" not in str(refused.value)


@given(st.sampled_from([name for name, _, _ in describe()]), st.text(min_size=8))
def test_no_value_whatever_comes_back_in_a_refusal(name, value):
    said = ""
    try:
        read_settings({name: value})
    except BadSetting as refused:
        said = str(refused)
    assert value not in said


def test_secrets_are_not_in_the_repr():
    settings = Settings(
        token="mở-cửa-ra", secret_key="ab" * 32, database_url="postgresql://u:p@h/d"
    )
    for shown in (repr(settings), str(settings), f"{settings}"):
        assert shown == "Settings(…)"


def test_settings_cannot_be_changed():
    with pytest.raises(AttributeError):
        Settings().port = 1


def test_every_setting_is_described_for_operators():
    for name, _, text in describe():
        assert name.startswith("BOT_")
        assert text.endswith("."), name


OA = {"BOT_ZALO_OA_APP_ID": "36", "BOT_ZALO_OA_APP_SECRET": "một", "BOT_ZALO_OA_SECRET": "hai"}
ZALO_BOT = {"BOT_ZALO_BOT_TOKEN": "1:x", "BOT_ZALO_BOT_MODE": "webhook"}


def test_the_official_account_is_set_up_wholly_and_with_two_keys():
    assert read_settings(OA).zalo_oa_app_id == "36"
    for left_out in ("BOT_ZALO_OA_APP_SECRET", "BOT_ZALO_OA_SECRET"):
        with pytest.raises(BadSetting, match=f"^{left_out}: "):
            read_settings({name: value for name, value in OA.items() if name != left_out})
    with pytest.raises(BadSetting, match=r"^BOT_ZALO_OA_SECRET: it is another key"):
        read_settings(OA | {"BOT_ZALO_OA_SECRET": "một"})


def test_a_zalo_bot_with_a_webhook_has_a_secret():
    with pytest.raises(BadSetting, match=r"^BOT_ZALO_BOT_SECRET: "):
        read_settings(ZALO_BOT)
    assert read_settings(ZALO_BOT | {"BOT_ZALO_BOT_SECRET": "x" * 16}).zalo_bot_secret
    assert read_settings(ZALO_BOT | {"BOT_ZALO_BOT_MODE": "polling"})
    with pytest.raises(BadSetting, match=r"^BOT_ZALO_BOT_TOKEN: "):
        read_settings({"BOT_ZALO_BOT_MODE": "polling"})
