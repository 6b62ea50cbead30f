"""The web channel: POST up, server-sent events down, a session that only the server can name.

    GET  /            the page                    GET /static/<name>   its files
    POST /session     -> {session, expires}
    POST /messages    {client_msg_id, text | payload [, title, card]} -> 202 {seq, duplicate} (seq null for a duplicate)
    GET  /events      replay after Last-Event-ID (or ?after=), then live

A message is kept before it is acknowledged, and answered in the order in which it was kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import aclosing
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import PayloadTooLarge
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, raw

from bot import names, paths, yaml_files
from bot.channels import replies, web_feed, web_inbox, web_pages
from bot.channels.web_feed import Feed
from bot.channels.web_inbox import Posted, Refusal
from bot.channels.web_reminders import WebReminders
from bot.channels.web_session import Tokens, secret_key
from bot.channels.web_turns import Turn, Turns, log_without_words
from bot.guidance.values import Bubble, Card, CardKind

if TYPE_CHECKING:
    from bot.store.store import Store, WebSession

NAME = "web"
SESSION_LASTS = timedelta(hours=24)
NO_STORE = {"Cache-Control": "no-store"}
EVENT_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

OnNewMessage = Callable[[Any], Awaitable[Any]]
# (sender id, message id) -> the cards of an earlier run, None where there was none.
EarlierAnswers = Callable[[str, str], Awaitable["list[Card] | None"]]


class WebChannel(InputChannel):  # type: ignore[misc]
    """The project's own channel for the page in web/.

    *payloads* are the intents that a button may name; *key* signs the sessions (default:
    `web_session.secret_key`); *store* keeps them (default: the store of this process);
    *earlier_answers* looks into the conversation for a turn that was finished before a crash (default:
    the tracker of the Rasa agent at ``app.ctx.agent``, where there is one).
    """

    def __init__(
        self,
        *,
        payloads: Collection[str] = names.PAYLOADS,
        key: str | None = None,
        store: Store | None = None,
        earlier_answers: EarlierAnswers | None = None,
        pages: Path | None = None,
        heartbeat: float = web_feed.HEARTBEAT_SECONDS,
        now: Callable[[], datetime] = web_feed.utc_now,
    ) -> None:
        self.payloads = frozenset(payloads)
        self.tokens = Tokens(key or secret_key())
        self.store = store
        self.earlier_answers = earlier_answers
        self.pages = web_pages.read(pages)
        self.faults = _faults()
        self.heartbeat = heartbeat
        self.now = now

    @classmethod
    def name(cls) -> str:
        """Return the name under which conversations of this channel are kept."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Return the channel as credentials.yml asks for it. It has no settings there; secrets come from the environment."""
        return cls()

    def url_prefix(self) -> str:
        """Return the place of the page: the root, not /webhooks/web."""
        return "/"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of this channel; *on_new_message* takes each message to the dialogue."""
        return _Site(self, on_new_message).blueprint()


class _Site:
    """The routes, for one running server."""

    def __init__(self, channel: WebChannel, on_new_message: OnNewMessage) -> None:
        self.channel = channel
        self.on_new_message = on_new_message
        self.feed = Feed()
        # A few locks shared out over all sessions: enough for order within each, and nothing to clean up.
        self.accepting = [asyncio.Lock() for _ in range(64)]

    def blueprint(self) -> Blueprint:
        routes = _Routes("middle_ground_web", _function(self.page))
        routes.add_route(_function(self.file), "/static/<name>", methods=["GET", "HEAD"])
        routes.add_route(_function(self.open_session), "/session", methods=["POST"])
        # The body is read by hand, so that a large one is refused before it fills the memory.
        routes.add_route(_function(self.take_message), "/messages", methods=["POST"], stream=True)
        routes.add_route(_function(self.events), "/events", methods=["GET"])
        routes.exception(Refusal)(refused)
        routes.listener("before_server_start")(self.start)
        routes.listener("after_server_start")(self.recover)
        routes.listener("before_server_stop")(self.stop)
        return routes

    # -- starting and stopping ------------------------------------------------------------------

    async def start(self, app: Sanic, *_: Any) -> None:
        self.app = app
        kept = self.channel.store
        self.store: Store = await asyncio.to_thread(_shared_store) if kept is None else kept
        self.recovered = asyncio.Event()
        self.reminders: Any = None
        self.turns = Turns(self.store, self.feed, answer=self.answer, earlier=self.earlier, fault=self.fault)

    async def recover(self, *_: Any) -> None:
        """Line up what a killed server left unanswered, before anything new is taken."""
        try:
            for left in await asyncio.to_thread(self.store.pending):
                session = await asyncio.to_thread(self.store.session, left.session_id, self.channel.now())
                if session:
                    self.turns.take(_turn(left.seq, session, Posted.from_json(left.client_msg_id, left.body), again=True))
                else:  # nobody can read an answer any more
                    await asyncio.to_thread(self.store.done, left.seq)
        except Exception as error:
            log_without_words("what was left pending could not be taken up", error)
        self.recovered.set()
        if watch := getattr(self.app.ctx, "reminders", None):
            self.reminders = watch(self.store, WebReminders(self.store, self.feed, now=self.channel.now))
            self.reminders.start()

    async def stop(self, *_: Any) -> None:
        if self.reminders:
            await self.reminders.close()
        self.feed.close()
        await self.turns.close()

    # -- the page -------------------------------------------------------------------------------

    async def page(self, request: Request) -> HTTPResponse:
        return await self.file(request, web_pages.PAGE)

    async def file(self, request: Request, name: str) -> HTTPResponse:
        found = self.channel.pages.get(name)
        if found is None:
            raise Refusal(404, "there is no such file", "a file that the page names")
        headers = {"ETag": found.etag, "Cache-Control": "no-cache", **web_pages.SECURITY_HEADERS}
        if found.unchanged(request.headers.get("if-none-match", "")):
            return empty(status=304, headers=headers)
        return raw(found.body, content_type=found.content_type, headers=headers)

    # -- sessions -------------------------------------------------------------------------------

    async def open_session(self, _: Request) -> HTTPResponse:
        session = await asyncio.to_thread(self.store.open_session, SESSION_LASTS, now=self.channel.now())
        token = self.channel.tokens.sign(session.id)
        return answered({"session": token, "expires": session.expires_at.isoformat()})

    async def session(self, request: Request) -> WebSession:
        """Return the session whose token *request* bears. Raises Refusal (401) without one."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            named = self.channel.tokens.session_id(token.strip(), max_age=SESSION_LASTS.total_seconds())
            session = await asyncio.to_thread(self.store.session, named, self.channel.now()) if named else None
            if session:
                return session
        raise _no_session()

    # -- messages up ----------------------------------------------------------------------------

    async def take_message(self, request: Request) -> HTTPResponse:
        session = await self.session(request)
        message = web_inbox.posted(await _body(request), self.channel.payloads)
        await self.recovered.wait()
        async with self.accepting[hash(session.id) % len(self.accepting)]:
            # Kept and lined up in one go, so that two posts cannot change places.
            seq = await self.accept(session, message)
        return answered({"seq": seq, "duplicate": seq is None}, status=202)

    async def accept(self, session: WebSession, message: Posted) -> int | None:
        if self.turns.full(session.id):
            raise Refusal(429, "too many messages are waiting for an answer", "the same message again in a few seconds")
        try:
            seq = await asyncio.to_thread(self.store.accept, session.id, message.client_msg_id, message.to_json())
        except LookupError:  # erased while this message was on its way
            raise _no_session() from None
        except Exception as error:
            log_without_words("a message could not be kept", error)
            raise Refusal(503, "the message could not be kept", "the same message again in a few seconds") from None
        if seq is not None:
            self.turns.take(_turn(seq, session, message))
            self.feed.tell(session.id)
        return seq

    async def answer(self, turn: Turn) -> list[Card]:
        """Run *turn* through the dialogue."""
        collector = CollectingOutputChannel()
        await self.on_new_message(
            UserMessage(
                turn.said,
                collector,
                turn.sender_id,
                input_channel=NAME,
                message_id=turn.message_id,
                metadata={"country": turn.country} if turn.country else {},
            )
        )
        return replies.cards(collector.messages)

    async def earlier(self, turn: Turn) -> list[Card] | None:
        if self.channel.earlier_answers:
            return await self.channel.earlier_answers(turn.sender_id, turn.message_id)
        agent = getattr(self.app.ctx, "agent", None)
        trackers = getattr(agent, "tracker_store", None)
        tracker = await trackers.retrieve(turn.sender_id) if trackers else None
        return replies.earlier([event.as_dict() for event in tracker.events], turn.message_id) if tracker else None

    def fault(self, seq: int) -> Card:
        line, text = self.channel.faults[seq % len(self.channel.faults)]
        return Card(CardKind.EVERYDAY, (Bubble("fault", text, line),))

    # -- events down ----------------------------------------------------------------------------

    async def events(self, request: Request) -> None:
        session = await self.session(request)
        after = _after(request)
        if self.feed.streams(session.id) >= web_feed.MOST_STREAMS:
            raise Refusal(429, "too many open streams for this session", f"at most {web_feed.MOST_STREAMS}; close another tab")
        response = await request.respond(content_type="text/event-stream; charset=utf-8", headers=EVENT_HEADERS)
        events = web_feed.follow(self.store, self.feed, session, after, heartbeat=self.channel.heartbeat, now=self.channel.now)
        try:
            async with aclosing(events):
                async for event in events:
                    await response.send(event)
        except Exception as error:  # the page comes back and reads on from the last event it has
            log_without_words("a stream of events broke off", error)
        await response.eof()


def _function(method: Callable[..., Awaitable[HTTPResponse | None]]) -> Callable[..., Awaitable[HTTPResponse | None]]:
    """Return *method* as a function: Sanic writes its marks on handlers, which a method does not take."""

    @wraps(method)
    async def handler(*given: Any, **named: Any) -> HTTPResponse | None:
        return await method(*given, **named)

    return handler


class _Routes(Blueprint):  # type: ignore[misc]
    """A blueprint with the page at "/", also in a server that has something there already, as plain `rasa run` has."""

    def __init__(self, name: str, page: Callable[..., Awaitable[HTTPResponse | None]]) -> None:
        super().__init__(name)
        self.ctx.page = page

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        taken = any(route.path == "" for route in app.router.routes)
        if not taken:
            self.add_route(self.ctx.page, "/", methods=["GET", "HEAD"])
        super().register(app, options)
        if taken:
            page = self.ctx.page

            async def front(request: Request) -> HTTPResponse | None:
                return await page(request) if request.path == "/" and request.method in ("GET", "HEAD") else None

            app.register_middleware(front, "request")


async def refused(_: Request, refusal: Refusal) -> HTTPResponse:
    """Answer a refusal as JSON that says what was expected."""
    return answered({"error": refusal.error, "expected": refusal.expected}, status=refusal.status)


def answered(row: dict[str, Any], *, status: int = 200) -> HTTPResponse:
    """Return *row* as JSON that nobody keeps."""
    return json(row, status=status, headers={**NO_STORE, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"})


def _no_session() -> Refusal:
    return Refusal(401, "no session, or one that has ended", "the header 'Authorization: Bearer <session>' from POST /session")


async def _body(request: Request) -> bytes:
    refusal = Refusal(413, "the body is too large", f"at most {web_inbox.MOST_BYTES} bytes; send it in parts")
    length = request.headers.get("content-length", "0")
    if length.isdigit() and int(length) > web_inbox.MOST_BYTES:
        raise refusal
    body = bytearray()
    try:
        async for chunk in request.stream:
            body += chunk
            if len(body) > web_inbox.MOST_BYTES:
                raise refusal
    except PayloadTooLarge:
        raise refusal from None
    return bytes(body)


def _after(request: Request) -> int:
    found = request.headers.get("last-event-id") or request.args.get("after") or "0"
    if not (found.isascii() and found.isdigit() and len(found) <= 18):
        raise Refusal(400, "Last-Event-ID is not right", "the id of the last event that arrived, or 0")
    return int(found)


def _turn(seq: int, session: WebSession, message: Posted, *, again: bool = False) -> Turn:
    return Turn(seq, session.id, session.sender_id, message.client_msg_id, message.said, session.country, again)


def _faults() -> list[tuple[str, str]]:
    # Read apart from every other line: this one is said when the others cannot be.
    return [(row["id"], row["text"]) for row in yaml_files.mapping(paths.data() / "responses" / "web.yml")["fault"]]


def _shared_store() -> Store:
    from bot.store.store import shared_store

    return shared_store()
