"""The parts list: the only place that knows every part of the bot and puts them together."""

import asyncio
import contextlib
import logging
import os
import socket
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from telegram.ext import Application, ContextTypes, ExtBot
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

from bot.chat import connection, web
from bot.chat.answers import WaryRequest
from bot.chat.broadcaster import Broadcaster
from bot.chat.context import HINTS, METRICS, OPERATORS, SERVICES, TAPS, BotApplication, BotContext
from bot.chat.desk import DESK, Desk
from bot.chat.lately import A_DOUBLE_TAP, A_MINUTE, Lately
from bot.chat.metrics import Metrics
from bot.chat.pacing import Pace, pace_of
from bot.chat.polling import Poller
from bot.chat.probes import Probes, counting_errors
from bot.chat.receive import Inbox
from bot.chat.reload import Reload
from bot.chat.routes import add_routes
from bot.chat.send import Sender
from bot.chat.tasks import background, errand, unless
from bot.chat.tick import Tick
from bot.chat.views import catalogue
from bot.chat.webhook import WEBHOOK_PATH, Webhook
from bot.errors import BuildersMissing, DiskFull, ModelUnusable, PackUnusable, SettingsError, is_full_disk
from bot.guidance.ask import Ask
from bot.guidance.atlas import fold
from bot.guidance.bookmarks import Bookmarks
from bot.guidance.daily import Daily
from bot.guidance.enrol import Enrol
from bot.guidance.follow import Follow
from bot.guidance.gaps import FindGaps
from bot.guidance.group_quiz import QuizGroups
from bot.guidance.inline import Inline
from bot.guidance.my_data import MyData
from bot.guidance.next_step import ChooseNextStep
from bot.guidance.operate import Operate
from bot.guidance.placement import Place
from bot.guidance.places import Places, prepare_atlas
from bot.guidance.plan import MakePlan
from bot.guidance.progress import ShowProgress
from bot.guidance.quiz import Quiz
from bot.guidance.services import Services
from bot.guidance.settings import ChangeSettings
from bot.guidance.tutor import Tutor
from bot.guidance.weekly import Weekly
from bot.settings import Address, Settings
from bot.storage.database import Database
from bot.storage.replica import Replica, replica_on
from index.embedder import Embedder, ModelError, RecentEmbedder, open_embedder
from index.opening import open_retriever
from index.retriever import Retriever
from index.wishes import Wishes
from knowledge.kept import read_kept_pack
from knowledge.library import Library
from knowledge.problems import PackError

logger = logging.getLogger(__name__)

PROJECT = Path(__file__).resolve().parent.parent
CONNECTIONS = 80  # to the Bot API server: 16 sends in each lane, 32 learners' typing, and room
SECONDS_TO_CATCH_UP = 2.0  # after which moved time goes on; what is not sent by then comes a little late
DEFAULT_LISTEN = Address("127.0.0.1", 8081)
# What python-telegram-bot warns of, and we do on purpose.
MEANT_SO = (
    ("Please use 'Bot", PTBUserWarning),  # `do_api_request` sends a payload as it is: chat/send.py
    (".*attribute `retry_after`", PTBDeprecationWarning),  # chat/pauses.py understands both types
)


def utc_now() -> datetime:
    """The clock of the running program; tests bring their own."""
    return datetime.now(UTC)


async def look_ahead(settings: Settings) -> None:
    """Find at once what would else stop the bot only after its index is built, which takes minutes.

    Raises:
        SettingsError: there is no such language, or its catalogue is damaged.
        AddressTaken: another program listens there.
        TokenRefused: Telegram does not accept the token.
    """
    catalogue.read(settings.language)
    if settings.listen or settings.webhook_url:
        _listener(settings).close()
    await connection.check_token(build_telegram(settings))


async def open_database(settings: Settings) -> Database:
    """The database, made and brought to this version where needed.

    Raises:
        SettingsError: nothing can be kept in the data folder.
        DiskFull: there is no room in it.
        DatabaseUnavailable: telling the operator why.
    """
    _open_data_dir(settings)
    database = Database(settings.database_address)
    await database.migrate()
    return database


def _open_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        if not settings.database_url:
            tempfile.TemporaryFile(dir=settings.data_dir).close()
    except OSError as error:
        if is_full_disk(error):
            raise DiskFull(settings.data_dir) from error
        raise SettingsError(
            f"BOT_DATA_DIR cannot be written to ({settings.data_dir}: {error.strerror}); "
            "make the folder the bot's own, or choose another"
        ) from error


@contextlib.contextmanager
def _room_in(folder: Path) -> Iterator[None]:
    """Tells by its folder that a disk is full: of what NumPy writes, say, no error names a file."""
    try:
        yield
    except OSError as error:
        if is_full_disk(error):
            raise DiskFull(folder) from error
        raise


def build_ask(settings: Settings) -> Ask:
    """Everything that answers a question, without a chat: reads the pack, loads the model, opens the index.

    Raises:
        PackUnusable: with every problem of the pack.
        ModelUnusable: telling why the embedding model cannot be had.
    """
    library = read_library(settings)
    retriever = build_retriever(settings, library)
    return Ask(library, retriever, Wishes(library, retriever), ThreadPoolExecutor(2, "search"))


def read_library(settings: Settings) -> Library:
    """The pack to teach from.

    Raises:
        PackUnusable: with every problem of the pack.
    """
    try:
        return read_kept_pack(settings.knowledge_dir, settings.index_dir)
    except PackError as error:
        raise PackUnusable(f"the knowledge pack has problems; nothing was built from it\n{error}") from error


def build_retriever(settings: Settings, library: Library) -> Retriever:
    """The search over `library`; builds the index where there is none for it yet.

    Raises:
        BuildersMissing: it would have to, and only what serves is installed.
        DiskFull: there is no room for it.
        ModelUnusable: telling why the embedding model cannot be had.
    """
    try:
        with _room_in(settings.index_dir):
            return open_retriever(library, build_embedder(settings), settings.index_dir)
    except ModuleNotFoundError as error:
        raise BuildersMissing(
            f"the index of this pack and model has to be built, which needs {error.name}; "
            "run `make index`, or copy the index folder from where it was built"
        ) from error


def build_embedder(settings: Settings) -> Embedder:
    """The model of language; makes it ready to serve where it is not.

    Raises:
        ModelUnusable: telling why it cannot be had.
        DiskFull: there is no room for what is made of it.
    """
    logger.info("loading the embedding model %s", settings.embedding_model)
    try:
        with _room_in(settings.index_dir):
            return RecentEmbedder(open_embedder(settings.embedding_model, settings.index_dir))
    except ModelError as error:
        raise ModelUnusable(f"{error}; check BOT_EMBEDDING_MODEL") from error


def build_telegram(settings: Settings) -> ExtBot[None]:
    """The line to the Bot API server, not yet connected."""
    assert settings.token is not None
    return ExtBot(
        settings.token.get_secret_value(),
        base_url=f"{settings.api_url}/bot",
        base_file_url=f"{settings.api_url}/file/bot",
        request=WaryRequest(connection_pool_size=CONNECTIONS, pool_timeout=10),
        get_updates_request=WaryRequest(connection_pool_size=4),
    )


def build_application(settings: Settings, services: Services) -> BotApplication:
    """The Telegram side, not yet connected."""
    for message, kind in MEANT_SO:
        warnings.filterwarnings("ignore", message, kind)
    bot = build_telegram(settings)
    context_types = ContextTypes(context=BotContext)
    application = (
        Application.builder().bot(bot).updater(None).job_queue(None).context_types(context_types).build()
    )
    application.bot_data[SERVICES] = services
    application.bot_data[HINTS] = Lately(A_MINUTE)
    application.bot_data[TAPS] = Lately(A_DOUBLE_TAP)
    application.bot_data[METRICS] = Metrics()
    application.bot_data[OPERATORS] = settings.operators
    return application


def build_services(ask: Ask, folder: Path) -> Services:
    """The journeys, on one pack; `folder` holds what was made ready for it."""
    tutor = Tutor(ask.library, Random())
    quiz = Quiz(tutor)
    progress = ShowProgress(tutor)
    settings = ChangeSettings(tutor, build_places(ask, folder))
    return Services(
        ask,
        Enrol(ask.library, settings),
        quiz,
        ChooseNextStep(tutor),
        progress,
        MakePlan(tutor),
        MyData(),
        settings,
        Place(tutor),
        Daily(tutor, quiz),
        Weekly(progress),
        Bookmarks(ask.library),
        Follow(tutor),
        Inline(ask),
        QuizGroups(tutor),
        Operate(ask.library, ask.retriever),
        FindGaps(ask.library, ask.retriever),
    )


async def make_index_aside(settings: Settings) -> None:
    """Make the index of the pack as its files are now, politely, in a process that ends with this one.

    Raises:
        ModelUnusable: with the last words of the process.
    """
    given = (str(settings.knowledge_dir), settings.embedding_model, str(settings.index_dir))
    where = {**os.environ, "PYTHONPATH": str(PROJECT)}  # paths in settings may be relative to where we are
    making = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "index", *given), env=where, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, told = await making.communicate()
    finally:
        if making.returncode is None:
            making.kill()
    if making.returncode:
        last = told.decode(errors="replace").strip().splitlines()[-1:]
        raise ModelUnusable(f"the index cannot be made: {''.join(last) or making.returncode}")


def renewed(settings: Settings, before: Services, library: Library) -> Services:
    """The journeys on a changed pack, with the same model and workers. Blocking, for a second or two."""
    retriever = open_retriever(library, before.ask.retriever.embedder, settings.index_dir)
    ask = Ask(library, retriever, Wishes(library, retriever), before.ask.workers)
    return build_services(ask, settings.index_dir)


def build_places(ask: Ask, folder: Path) -> Places:
    """What understands where a learner lives; what the pack's learners say in small talk is no place."""
    prepare_atlas(folder)
    sayings = {fold(phrase) for group in ask.library.phrases for phrase in group.phrases}
    return Places(folder, ask.retriever.spelling.knows_any, frozenset(sayings))


def build_bot(
    settings: Settings,
    ask: Ask,
    database: Database,
    clock: Callable[[], datetime] = utc_now,
    pace: Pace | None = None,
) -> "Bot":
    """Put the parts together; nothing is started yet."""
    catalogue.speak(settings.language)
    application = build_application(settings, build_services(ask, settings.index_dir))
    metrics: Metrics = application.bot_data[METRICS]
    replica = replica_on(database)
    sender = Sender(
        application, database, clock, replica, pace or pace_of(settings.messages_per_second), metrics
    )
    inbox = Inbox(application, database, clock, sender.wake, replica, metrics=metrics)
    tick = Tick(application, database, clock, sender.wake, replica)
    reload = Reload(
        application,
        read=partial(read_kept_pack, settings.knowledge_dir, settings.index_dir),
        make_index=partial(make_index_aside, settings),
        prepare=partial(renewed, settings),
        clock=clock,
        metrics=metrics,
    )
    broadcaster = Broadcaster(application, database, clock, on_replies=sender.wake)
    desk = Desk(
        application,
        database,
        clock,
        started_at=clock(),
        reload=reload,
        broadcaster=broadcaster,
        on_retry=inbox.drain.wake,
        on_replies=sender.wake,
    )
    application.bot_data[DESK] = desk
    return Bot(settings, application, inbox, sender, clock, tick, replica, desk)


@dataclass(frozen=True)
class Bot:
    """The whole bot, ready to run."""

    settings: Settings
    application: BotApplication
    inbox: Inbox
    sender: Sender
    clock: Callable[[], datetime]
    tick: Tick
    replica: Replica
    desk: Desk

    def reload(self) -> None:
        """Put a changed pack to work, beside everything else; the log tells what came of it."""
        errand(self.desk.reload.run())

    async def catch_up(self) -> datetime | None:
        """Do at once what is due by a clock that was moved on; returns when somebody is due again.

        Only the sandbox moves its clock; time itself needs nobody to catch up with it.
        """
        self.inbox.drain.wake()
        await self.tick.serve()
        await self.sender.caught_up(SECONDS_TO_CATCH_UP)
        return await self.tick.next_time()

    async def run(self, stop: asyncio.Event) -> None:
        """Serve learners until `stop` is set. What is under way then is finished; nothing is lost."""
        metrics: Metrics = self.application.bot_data[METRICS]
        poller = Poller(self.application, self.inbox, self.clock, self.replica, metrics)
        connected = asyncio.Event()
        async with counting_errors(metrics), self._answering_http(poller, connected.is_set):
            await unless(stop, connection.connect(self.application))
            if not stop.is_set():
                connected.set()
                await self._serve(poller, stop)

    async def _serve(self, poller: Poller, stop: asyncio.Event) -> None:
        add_routes(self.application, self.settings.operators)
        async with (
            background(self.replica.keep(self.application.bot.id)),
            self.sender.running(),  # stopped last: the replies of the last turns still go out
            self.inbox.drain.running(),
            background(self.inbox.keep_tidy()),
            background(self.tick.run()),
            background(self.desk.broadcaster.run()),
            self._receiving(poller, stop),
            background(connection.introduce(self.application)),
        ):
            if not stop.is_set():
                logger.info("@%s is listening", self.application.bot.username, extra={"action": "started"})
            await stop.wait()
        await self.application.shutdown()

    @contextlib.asynccontextmanager
    async def _receiving(self, poller: Poller, stop: asyncio.Event) -> AsyncIterator[None]:
        """Updates come in while the block lasts: by webhook where one is set, else by long polling."""
        if self.settings.webhook_url:
            url, secret = self.settings.webhook_url + WEBHOOK_PATH, self.settings.delivery_secret
            await unless(stop, connection.expect_deliveries(self.application, url, secret))
            yield
        else:
            await connection.expect_polling(self.application)
            async with background(poller.run()):
                yield

    def _answering_http(
        self, poller: Poller, is_connected: Callable[[], bool]
    ) -> contextlib.AbstractAsyncContextManager[None]:
        """From before Telegram is reached, so that whoever asks how the bot is hears that."""
        routes, is_webhook = self._probes.routes, bool(self.settings.webhook_url)
        if is_webhook:
            routes.append(Webhook(self.inbox, self.settings.delivery_secret).route)
        elif not self.settings.listen:
            return contextlib.nullcontext()
        application = web.build_web(is_connected, None if is_webhook else poller, self.clock, routes)
        return web.serving(application, _listener(self.settings))

    @property
    def _probes(self) -> Probes:
        metrics: Metrics = self.application.bot_data[METRICS]
        return Probes(self.application, self.sender.database, self.clock, metrics, self.desk.started_at)


def _listener(settings: Settings) -> socket.socket:
    return web.bind(*(settings.listen or DEFAULT_LISTEN))
