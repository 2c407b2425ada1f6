"""What an operator sets is read from the environment and `.env`; what is wrong is told by its name."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.errors import SettingsError
from bot.settings import Address, Settings, doubts_about, read_settings
from bot.storage.database import Database
from tests.conftest import TINY_PACK

VARIABLES = [f"BOT_{name.upper()}" for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in: no `.env` but the one a test writes."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told() -> str:
    """The one line that tells what is wrong."""
    with pytest.raises(SettingsError) as stopped:
        read_settings()
    assert "\n" not in str(stopped.value)
    return str(stopped.value)


RIGHT: list[tuple[str, str, Any]] = [
    ("BOT_API_URL", "http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
    ("BOT_API_URL", "https://bücher.example:8443/bots", "https://bücher.example:8443/bots"),
    ("BOT_API_URL", "http://[::1]:8081", "http://[::1]:8081"),
    ("BOT_API_URL", "http://bot_api:8081", "http://bot_api:8081"),
    ("BOT_DATA_DIR", "/srv/next rung", Path("/srv/next rung")),
    ("BOT_DATABASE_URL", "postgresql+psycopg://bot@localhost/bot", "postgresql+psycopg://bot@localhost/bot"),
    ("BOT_KNOWLEDGE_DIR", str(TINY_PACK), TINY_PACK),
    ("BOT_EMBEDDING_MODEL", "BAAI/bge-small-en-v1.5", "BAAI/bge-small-en-v1.5"),
    ("BOT_WEBHOOK_URL", "https://example.org/bot/", "https://example.org/bot"),
    ("BOT_WEBHOOK_URL", "http://127.0.0.1:8081", "http://127.0.0.1:8081"),
    ("BOT_WEBHOOK_URL", "http://localhost:8081", "http://localhost:8081"),
    ("BOT_WEBHOOK_URL", "http://[::1]:8081", "http://[::1]:8081"),
    ("BOT_LISTEN", "0.0.0.0:8081", Address("0.0.0.0", 8081)),
    ("BOT_LISTEN", "[::1]:8081", Address("::1", 8081)),
    ("BOT_SANDBOX_LISTEN", "localhost:9000", Address("localhost", 9000)),
    ("BOT_OPERATORS", "1001", (1001,)),
    ("BOT_OPERATORS", " 1001, 1002 ,", (1001, 1002)),
    ("BOT_MESSAGES_PER_SECOND", "100", 100),
    ("BOT_LANGUAGE", "pt_BR", "pt_BR"),
    ("BOT_LOG_LEVEL", "debug", "DEBUG"),
    ("BOT_LOG_FORMAT", "json", "json"),
    ("BOT_LOG_FORMAT", "JSON", "json"),
]


@pytest.mark.parametrize(("variable", "value", "meant"), RIGHT)
def test_every_setting_is_taken_from_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, meant: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(read_settings(), variable.removeprefix("BOT_").lower()) == meant


@pytest.mark.parametrize(
    ("variable", "value"), [("BOT_TOKEN", "123456:ABC-def_0"), ("BOT_WEBHOOK_SECRET", "a-Secret_1")]
)
def test_a_secret_is_taken_and_not_shown_by_accident(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    settings = read_settings()
    assert getattr(settings, variable.removeprefix("BOT_").lower()).get_secret_value() == value
    assert value not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_blanks_around_a_value_are_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", " 123456:ABC-def \n")
    monkeypatch.setenv("BOT_API_URL", " http://127.0.0.1:8080 ")
    settings = read_settings()
    assert settings.token == SecretStr("123456:ABC-def")
    assert settings.api_url == "http://127.0.0.1:8080"


WRONG = [
    ("BOT_TOKEN", "hello"),
    ("BOT_TOKEN", "123456:"),
    ("BOT_TOKEN", "123456:ABC/def"),
    ("BOT_API_URL", "api.telegram.org"),
    ("BOT_API_URL", "http://"),
    ("BOT_API_URL", "http://127.0.0.1:notaport"),
    ("BOT_API_URL", "http://127.0.0.1:99999"),
    ("BOT_API_URL", "http://127.0.0.1:0"),
    ("BOT_API_URL", "http://999.1.1.1"),
    ("BOT_API_URL", "http://:8081"),
    ("BOT_API_URL", "http://bot@/path"),
    ("BOT_API_URL", "http://bot api:8081"),
    ("BOT_API_URL", "http://bot/a path"),
    ("BOT_API_URL", "http://bot..api"),
    ("BOT_API_URL", "http://[::1"),
    ("BOT_DATABASE_URL", "nextrung.db"),
    ("BOT_DATABASE_URL", "postgresql://localhost/bot"),
    ("BOT_DATABASE_URL", "mysql+pymysql://localhost/bot"),
    ("BOT_KNOWLEDGE_DIR", "/nowhere"),
    ("BOT_KNOWLEDGE_DIR", "."),
    ("BOT_WEBHOOK_URL", "http://example.org/bot"),
    ("BOT_WEBHOOK_URL", "http://[bot"),
    ("BOT_WEBHOOK_URL", "https://example.org:99999"),
    ("BOT_WEBHOOK_URL", "example.org"),
    ("BOT_WEBHOOK_SECRET", "not a secret!"),
    ("BOT_WEBHOOK_SECRET", "x" * 257),
    ("BOT_LISTEN", "8081"),
    ("BOT_LISTEN", "localhost:"),
    ("BOT_LISTEN", ":8081"),
    ("BOT_LISTEN", "localhost:http"),
    ("BOT_SANDBOX_LISTEN", "localhost:0"),
    ("BOT_SANDBOX_LISTEN", "localhost:65536"),
    ("BOT_SANDBOX_LISTEN", "localhost:-1"),
    ("BOT_OPERATORS", "@alex"),
    ("BOT_OPERATORS", "1001;1002"),
    ("BOT_MESSAGES_PER_SECOND", "0"),
    ("BOT_MESSAGES_PER_SECOND", "many"),
    ("BOT_LANGUAGE", "../cs"),
    ("BOT_LANGUAGE", "plain English"),
    ("BOT_LOG_LEVEL", "LOUD"),
    ("BOT_LOG_FORMAT", "xml"),
]


@pytest.mark.parametrize(("variable", "value"), WRONG)
def test_a_wrong_value_is_told_in_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    line = told()
    assert line.startswith(f"{variable} ")
    assert [name for name in VARIABLES if f"{name} " in line] == [variable]


def test_every_setting_that_can_be_wrong_is_tried_above() -> None:
    anything_goes = {"BOT_DATA_DIR", "BOT_EMBEDDING_MODEL", "BOT_INDEX_FOLDER"}
    assert {variable for variable, _ in WRONG} | anything_goes == {*VARIABLES}


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("BOT_LOG_LEVEL", "LOUD", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ("BOT_LOG_FORMAT", "xml", "must be 'text' or 'json'"),
        ("BOT_WEBHOOK_URL", "http://example.org/bot", "must begin with https://"),
    ],
)
def test_a_wrong_value_is_told_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert told().startswith(f"{variable} {words}")


def test_a_bot_api_server_of_ones_own_may_deliver_unencrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_API_URL", "http://bot-api:8081")
    monkeypatch.setenv("BOT_WEBHOOK_URL", "http://bot:8081")
    assert read_settings().webhook_url == "http://bot:8081"


def test_all_wrong_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in WRONG:
        monkeypatch.setenv(variable, value)
    line = told()
    assert all(f"{variable} " in line for variable, _ in WRONG)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BOT_TOKEN", "123456:hunter2/hunter2"),
        ("BOT_WEBHOOK_SECRET", "hunter2 hunter2"),
        ("BOT_DATABASE_URL", "mysql://bot:hunter2@localhost/bot"),
    ],
)
def test_a_wrong_secret_is_not_told(monkeypatch: pytest.MonkeyPatch, variable: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    assert "hunter2" not in told()


tokens = st.from_regex(r"\d{1,12}:[A-Za-z0-9_-]{1,60}", fullmatch=True)


@given(tokens)
def test_the_secret_made_from_the_token_suits_telegram_and_shows_nothing_of_the_token(token: str) -> None:
    secret = with_token(token).delivery_secret
    assert re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret)
    assert secret == with_token(token).delivery_secret
    assert secret != with_token(token + "x").delivery_secret
    assert len(token) < 8 or token not in secret


@given(tokens)
def test_no_log_may_show_the_token_nor_either_kind_of_webhook_secret(token: str) -> None:
    assert {*with_token(token).secrets} == {token, with_token(token).delivery_secret}
    assert {*with_token(token, webhook_secret=SecretStr("chosen")).secrets} == {token, "chosen"}


def with_token(token: str, **more: Any) -> Settings:
    return Settings(_env_file=None, token=SecretStr(token), **more)


def test_the_environment_wins_also_where_it_says_that_there_is_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / ".env").write_text("BOT_LOG_LEVEL=ERROR\nBOT_LANGUAGE=de\nBOT_DATA_DIR=data\n")
    monkeypatch.setenv("BOT_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("BOT_LANGUAGE", "")
    settings, usual = read_settings(), Settings(_env_file=None)
    assert (settings.log_level, settings.data_dir) == ("DEBUG", Path("data"))
    assert settings.language == usual.language != "de"


def test_nothing_needs_to_be_set() -> None:
    settings = read_settings()
    assert settings.token is None
    assert settings.webhook_url == ""
    assert settings.listen is None
    assert settings.operators == ()
    assert settings.api_url == "https://api.telegram.org"
    assert (settings.knowledge_dir / "pack.yaml").is_file()


@pytest.mark.parametrize("variable", VARIABLES)
def test_an_empty_value_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    untouched = read_settings()
    monkeypatch.setenv(variable, "")
    assert read_settings() == untouched


def test_settings_are_read_from_the_env_file_of_the_folder_one_is_in(folder: Path) -> None:
    (folder / ".env").write_text(
        "# ours\nBOT_TOKEN='123456:ABC'\nBOT_OPERATORS=1001,1002\nBOT_LOG_LEVEL=\nOTHER_PROGRAM=yes\n"
    )
    settings = read_settings()
    assert settings.token is not None
    assert settings.token.get_secret_value() == "123456:ABC"
    assert settings.operators == (1001, 1002)
    assert settings.log_level == "INFO"


def test_the_environment_outweighs_the_env_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("BOT_LOG_LEVEL=ERROR\nBOT_LOG_FORMAT=json\n")
    monkeypatch.setenv("BOT_LOG_LEVEL", "WARNING")
    settings = read_settings()
    assert (settings.log_level, settings.log_format) == ("WARNING", "json")


def test_a_wrong_value_in_the_env_file_is_told_like_any_other(folder: Path) -> None:
    (folder / ".env").write_text("BOT_LISTEN=everywhere\n")
    assert told().startswith("BOT_LISTEN ")


@pytest.mark.parametrize("content", [b"BOT_TOKEN=\xff\xfe\n", "BOT_TOKEN=123:ABC\n".encode("utf-16")])
def test_an_env_file_that_is_not_utf_8_is_told(folder: Path, content: bytes) -> None:
    (folder / ".env").write_bytes(content)
    assert told().startswith(".env cannot be read: ")


def test_a_folder_in_the_place_of_the_env_file_is_told(folder: Path) -> None:
    (folder / ".env").mkdir()
    assert told().startswith(".env cannot be read: it is a folder")


def test_index_and_database_lie_in_the_data_folder(folder: Path) -> None:
    settings = with_token("123456:ABC", data_dir=Path("mine"))
    assert settings.index_dir == Path("mine/index")
    assert settings.database_address == f"sqlite+aiosqlite:///{folder / 'mine' / 'nextrung.db'}"


def test_the_sandbox_has_a_database_of_its_own_unless_one_is_named(folder: Path) -> None:
    in_sandbox = Settings(data_dir=Path("mine")).database_address
    assert in_sandbox == f"sqlite+aiosqlite:///{folder / 'mine' / 'sandbox.db'}"
    named = "postgresql+psycopg://bot@localhost/bot"
    assert Settings(database_url=named).database_address == named


@pytest.mark.parametrize("name", ["with blanks", "50%", "%41%2F", "ünï ☃", "a#b&c=d;e", "what?"])
async def test_the_data_folder_may_have_any_name(folder: Path, name: str) -> None:
    (folder / name).mkdir()
    database = Database(with_token("123456:ABC", data_dir=Path(name)).database_address)
    await database.migrate()
    await database.close()
    assert (folder / name / "nextrung.db").is_file()


def test_a_variable_that_is_no_setting_is_told_with_the_nearest_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_TOKNE", "123456:ABC")
    (folder / ".env").write_text(
        "BOT_DATADIR=/srv\nBOT_LOG_LEVEL=ERROR\nBOT_WEATHER=fine\nOTHER_PROGRAM=yes\n"
    )
    assert doubts_about(read_settings()) == [
        "BOT_DATADIR is not a setting; did you mean BOT_DATA_DIR?",
        "BOT_TOKNE is not a setting; did you mean BOT_TOKEN?",
        "BOT_WEATHER is not a setting; docs/settings.md lists all there are",
    ]


def test_a_webhook_without_a_token_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_WEBHOOK_URL", "https://example.org")
    (line,) = doubts_about(read_settings())
    assert line.startswith("BOT_WEBHOOK_URL does nothing without BOT_TOKEN")
    monkeypatch.setenv("BOT_TOKEN", "123456:ABC")
    assert doubts_about(read_settings()) == []


def test_nothing_is_doubted_of_settings_in_whatever_case(folder: Path) -> None:
    assert doubts_about(read_settings()) == []
    (folder / ".env").write_text("bot_log_level=ERROR\n")
    assert read_settings().log_level == "ERROR"
    assert doubts_about(read_settings()) == []
