"""What an operator can set, read once from the environment and `.env`; it decides nothing."""

import hashlib
import hmac
import os
import re
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from bot.errors import SettingsError

PREFIX = "BOT_"
ENV_FILE = ".env"
TELEGRAM = "https://api.telegram.org"
EMBEDDED_MODEL = "all-MiniLM-L6-v2"
_PACKS = Path(__file__).resolve().parent.parent / "knowledge" / "packs"
MOST_MESSAGES_PER_SECOND = 1_000  # more than Telegram takes of any bot
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[_-][A-Za-z0-9]+)*")
_NAME = re.compile(r"(?![\d.]+$)[\w-]+(\.[\w-]+)*\.?")  # of a host; only digits and dots are its number
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f]")  # in an address
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Address(NamedTuple):
    """A place to listen, written `host:port`."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class _EnvFile(DotEnvSettingsSource):
    """What `.env` holds, but for what the environment sets to nothing: there nothing is meant."""

    def __call__(self) -> dict[str, Any]:
        found = super().__call__()
        return {name: found[name] for name in found if os.environ.get(f"{PREFIX}{name.upper()}") != ""}


class Settings(BaseSettings):
    """Every setting, each an environment variable with the prefix `BOT_`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_ignore_empty=True,
        str_strip_whitespace=True,
        extra="ignore",
        frozen=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over `.env`, also where it says that there is nothing."""
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        return init_settings, env_settings, _EnvFile(settings_cls, dotenv_settings.env_file)

    token: SecretStr | None = Field(
        None,
        description="The bot's token from @BotFather. Without it the sandbox starts instead of Telegram.",
    )
    api_url: str = Field(
        TELEGRAM,
        description="Root of the Bot API server; `/bot` and `/file/bot` are appended.",
    )
    data_dir: Path = Field(
        Path("var"), description="Folder for what is made at run time: the index and the database."
    )
    index_folder: Path | None = Field(
        None, description="Folder for the index alone; empty means `index` in the data folder."
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy address of the database; empty means SQLite in the data folder: "
        "`nextrung.db`, or `sandbox.db` without a token.",
    )
    knowledge_dir: Path = Field(
        _PACKS / "ml_engineer", description="Folder of the knowledge pack to teach from."
    )
    embedding_model: str = Field(
        EMBEDDED_MODEL,
        description="The embedded all-MiniLM-L6-v2, or the name or path of any sentence-transformers model.",
    )
    webhook_url: str = Field(
        "", description="Public https address Telegram delivers to; empty means long polling."
    )
    webhook_secret: SecretStr | None = Field(
        None, description="Secret Telegram sends with each delivery; empty means one derived from the token."
    )
    listen: Annotated[Address | None, NoDecode] = Field(
        None,
        description="`host:port` of `/healthz`, `/readyz`, `/metrics` and the webhook; empty means "
        "`127.0.0.1:8081` with a webhook, and nothing listens without one.",
    )
    sandbox_listen: Annotated[Address, NoDecode] = Field(
        Address("127.0.0.1", 8080), description="`host:port` of the sandbox's page and Bot API server."
    )
    operators: Annotated[tuple[int, ...], NoDecode] = Field(
        (),
        description="Telegram ids of the operators, separated by commas. For them alone there are `/status`, "
        "`/gaps`, `/reports`, `/broadcast` and `/reload`.",
    )
    messages_per_second: int = Field(
        25,
        description="How many messages go out a second. Telegram takes 30 from most bots; set more where "
        "it has granted yours more.",
    )
    language: str = Field(
        "en",
        description="Language the bot speaks: `en`, or the name of a catalogue in `bot/chat/locales` "
        "(docs/translating.md).",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="How much is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`."
    )
    log_format: Literal["text", "json"] = Field("text", description="`text` for people, `json` for machines.")

    @field_validator("token")
    @classmethod
    def _token_looks_like_one(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("is not a bot token; @BotFather gives one like 123456:ABC-DEF")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _secret_fits_telegram(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("may hold 1 to 256 of the characters A-Z a-z 0-9 _ - only")
        return value

    @field_validator("messages_per_second", mode="before")
    @classmethod
    def _is_a_rate(cls, value: object) -> object:
        if not str(value).isdecimal() or not 1 <= int(str(value)) <= MOST_MESSAGES_PER_SECOND:
            raise ValueError(f"must be a whole number from 1 to {MOST_MESSAGES_PER_SECOND}")
        return value

    @field_validator("language")
    @classmethod
    def _is_named_as_languages_are(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError("must be a language as its catalogue is named, for example cs or pt_BR")
        return value

    @field_validator("api_url", "webhook_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        if value and not re.match(r"https?://", value):
            raise ValueError("must be an address that begins with http:// or https://")
        if value and not _names_a_host(value):
            raise ValueError(
                "must name a host, and if a port then one from 1 to 65535, for example http://127.0.0.1:8081"
            )
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _is_safe_enough_for_telegram(cls, value: str, info: ValidationInfo) -> str:
        """A Bot API server of one's own, and the sandbox, deliver to http:// as well."""
        if value.startswith("http://") and info.data.get("api_url") == TELEGRAM and not _is_loopback(value):
            raise ValueError(
                "must begin with https://, as Telegram delivers to no other address; "
                "put a proxy that speaks TLS in front of the bot"
            )
        return value

    @field_validator("listen", "sandbox_listen", mode="before")
    @classmethod
    def _is_host_and_port(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        host, _, port = value.rpartition(":")
        if not (host and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError("must be host:port, for example 127.0.0.1:8080")
        return Address(host.strip("[]"), int(port))

    @field_validator("operators", mode="before")
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() for part in ids):
            raise ValueError("must be numeric Telegram ids separated by commas, for example 1234,5678")
        return tuple(int(part) for part in ids)

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _in_any_case(cls, value: object, info: ValidationInfo) -> object:
        if not isinstance(value, str):
            return value
        return value.upper() if info.field_name == "log_level" else value.lower()

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, value: str) -> str:
        if value and not re.match(r"(sqlite\+aiosqlite|postgresql\+psycopg)://", value):
            raise ValueError("must begin with sqlite+aiosqlite:// or postgresql+psycopg://")
        return value

    @field_validator("knowledge_dir")
    @classmethod
    def _is_pack(cls, value: Path) -> Path:
        if not (value / "pack.yaml").is_file():
            raise ValueError(f"must be the folder of a knowledge pack, but {value} holds no pack.yaml")
        return value

    @property
    def database_address(self) -> str:
        """The sandbox has a database of its own: its learners bear ids that are somebody's on Telegram."""
        name = "nextrung.db" if self.token else "sandbox.db"
        in_data_dir = quote(str(self.data_dir.resolve() / name))
        return self.database_url or f"sqlite+aiosqlite:///{in_data_dir}"

    @property
    def index_dir(self) -> Path:
        return self.index_folder or self.data_dir / "index"

    @property
    def delivery_secret(self) -> str:
        """What Telegram shows with each delivery: the secret set, else one that only the token can make."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        token = self.token.get_secret_value() if self.token else ""
        return hmac.new(token.encode(), b"webhook secret", hashlib.sha256).hexdigest()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log line may show."""
        token = [self.token.get_secret_value()] if self.token else []
        return (*token, self.delivery_secret)


def read_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: naming every variable that is wrong, or what is wrong with `.env`, in one line.
    """
    try:
        if Path(ENV_FILE).is_dir():
            raise IsADirectoryError("it is a folder")
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_in_words(problem) for problem in error.errors())) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{ENV_FILE} cannot be read: {error}; it must be a text file in UTF-8 that the bot may read"
        ) from None


def doubts_about(settings: Settings) -> list[str]:
    """What an operator has set and surely means, but nothing comes of it: a line for each."""
    lines = [_not_a_setting(name) for name in _names_set() if name not in _known()]
    if settings.webhook_url and not settings.token:
        lines.append("BOT_WEBHOOK_URL does nothing without BOT_TOKEN: this is the sandbox, not Telegram")
    return lines


def _known() -> set[str]:
    return {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}


def _names_set() -> list[str]:
    """The variables that look like settings, in the environment or in `.env`."""
    names = {name.upper() for name in (*os.environ, *dotenv_values(ENV_FILE))}
    return sorted(name for name in names if name.startswith(PREFIX))


def _not_a_setting(name: str) -> str:
    rests = [known.removeprefix(PREFIX) for known in sorted(_known())]
    nearest = get_close_matches(name.removeprefix(PREFIX), rests, 1)
    hint = f"did you mean {PREFIX}{nearest[0]}?" if nearest else "docs/settings.md lists all there are"
    return f"{name} is not a setting; {hint}"


def _in_words(problem: ErrorDetails) -> str:
    name = f"{PREFIX}{'.'.join(str(part) for part in problem['loc'][:1]).upper()}"
    if problem["type"] == "literal_error":
        return f"{name} must be {problem['ctx']['expected']}"
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{name} {reason[0].lower()}{reason[1:]}"


def _names_a_host(address: str) -> bool:
    """Whether a program could connect to a web address."""
    if _UNFIT.search(address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.port != 0 and bool(_NAME.fullmatch(host) or ip_address(host))
    except ValueError:  # the port is no number or too large, a bracket is not closed, or it is no such number
        return False


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
