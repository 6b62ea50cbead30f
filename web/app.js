// The page: first screen, conversation, and the two ways out that are always there.

import { Outbox } from "./outbox.js";
import { Refused, Session, backoff, pause } from "./api.js";
import { cardView, closeEarlier, reachable, settle, spoken } from "./cards.js";
import { byId, el } from "./dom.js";
import { LEAVE_TO, strings } from "./strings.js";

const session = new Session();
const log = byId("log");
const words = byId("words");
const own = new Map(); // client_msg_id -> the person's own bubble, so that its echo is not shown twice
let last = 0; // number of the last event that arrived
let line = new AbortController();
let beginning = null;
let latest = ""; // the last card in words
let spokenSince = false; // of what a reload brings back only the last card is spoken, not the whole conversation

const outbox = new Outbox((message) => session.post(message), {
  reached: () => status(""),
  unreachable: (message) => {
    status(strings.offline);
    if (message.payload === "/help_now") showEmergency();
  },
  refused: (message, code) => notSent(message, code),
  ended: renew,
});

function fill() {
  for (const node of document.querySelectorAll("[data-string]")) node.textContent = strings[node.dataset.string];
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", strings[node.dataset.label]);
  for (const node of document.querySelectorAll("[data-placeholder]")) node.placeholder = strings[node.dataset.placeholder];
  byId("welcome-points").append(...strings.welcome_points.map((point) => el("li", {}, point)));
}

// -- beginning and ending ------------------------------------------------------------------------

function showChat() {
  byId("welcome").hidden = true;
  byId("chat").hidden = false;
  document.body.classList.add("talking");
}

/** Open a session where there is none, trying until the server answers; one at a time. */
function begin() {
  beginning ??= (async () => {
    for (let tries = 0; !session.open; ) {
      try {
        await session.begin();
        status("");
      } catch {
        status(strings.offline);
        if (outbox.waiting.some((message) => message.payload === "/help_now")) showEmergency();
        await pause(backoff(tries++));
      }
    }
    beginning = null;
    follow();
    outbox.send();
  })();
  return beginning;
}

async function renew() {
  line.abort();
  session.forget();
  last = 0;
  log.append(el("p", { class: "note" }, strings.expired));
  await begin();
}

function leave() {
  line.abort();
  outbox.forget();
  session.forget();
  sessionStorage.clear();
  document.title = "";
  document.body.replaceChildren();
  location.replace(LEAVE_TO);
}

// -- what goes up ----------------------------------------------------------------------------------

function send(message) {
  showChat();
  ownBubble(outbox.add(message));
  if (session.open) outbox.send();
  else begin();
}

function ownBubble(message) {
  const shown = message.text ?? message.title;
  const view = el("p", { class: message.payload ? "own pressed waiting" : "own waiting" }, el("span", { class: "unseen" }, `${strings.you_said}: `), shown);
  own.set(message.client_msg_id, view);
  log.append(view);
  toEnd(view);
}

function press(seq, { title, payload }) {
  settle(log.querySelector(`[data-seq="${seq}"]`), payload);
  send({ payload, title, card: seq });
}

function notSent(message, code) {
  const view = own.get(message.client_msg_id);
  view?.classList.replace("waiting", "failed");
  const again = el("button", { type: "button", class: "link" }, strings.try_again);
  const note = el("p", { class: "note" }, code === 413 ? strings.too_long : strings.not_sent, again);
  again.addEventListener("click", () => {
    if (message.text !== undefined) words.value = message.text;
    note.remove();
    words.focus();
  });
  view ? view.after(note) : log.append(note);
  say(note.textContent);
}

// -- what comes down -------------------------------------------------------------------------------

async function follow() {
  line.abort();
  const mine = (line = new AbortController());
  for (let tries = 0; !mine.signal.aborted; tries++) {
    try {
      await session.listen(last, take, mine.signal, () => {
        tries = 0;
        status("");
      });
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof Refused && error.status === 401) {
        session.forget();
        log.append(el("p", { class: "note" }, strings.expired));
        return; // the next message begins a new one
      }
      status(navigator.onLine ? strings.reconnecting : strings.offline);
    }
    await pause(backoff(tries), mine.signal);
  }
}

function take(name, data) {
  if (name === "typing") byId("typing").hidden = !data.on;
  if (name === "live" && !spokenSince) say(latest);
  if (name === "live") spokenSince = true;
  if (name !== "message" || data.seq <= last) return;
  last = data.seq;
  toEnd(data.who === "you" ? takeOwn(data) : takeCard(data));
}

function takeOwn({ client_msg_id: id, text, payload, card }) {
  if (!own.has(id)) ownBubble({ client_msg_id: id, payload, text });
  const view = own.get(id);
  view.classList.remove("waiting");
  put(view); // its place is where the server put it
  if (payload && card) settle(log.querySelector(`[data-seq="${card}"]`), payload);
  return view;
}

function takeCard({ seq, card }) {
  closeEarlier(log, card);
  const view = cardView(card, seq, { press, say });
  put(view);
  latest = `${strings.bot_said}: ${spoken(card)}`;
  if (spokenSince) say(latest);
  byId("emergency").hidden = true;
  return view;
}

/** Add what the server has, above what still waits to be sent. */
function put(view) {
  log.insertBefore(view, log.querySelector(".own.waiting"));
}

// -- small things ----------------------------------------------------------------------------------

/** Have a screen reader say a whole message, once. */
function say(text) {
  byId("live").textContent = text;
}

function status(text) {
  if (byId("status").textContent !== text) byId("status").textContent = text;
}

/** Scroll to the end, or to the beginning of `view` where it is too long to be seen whole. */
function toEnd(view) {
  const long = view.offsetHeight > log.clientHeight;
  log.scrollTop = long ? view.offsetTop - log.offsetTop - 8 : log.scrollHeight;
}

function showEmergency() {
  const panel = byId("emergency");
  const rows = strings.emergency_numbers.map(({ place, number }) => el("li", {}, `${place}: `, ...reachable(number)));
  const close = el("button", { type: "button", class: "quick", on: { click: () => (panel.hidden = true) } }, strings.emergency_close);
  panel.replaceChildren(el("p", {}, strings.emergency), el("ul", {}, ...rows), close);
  panel.hidden = false;
  say(strings.emergency);
}

function grow() {
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight}px`;
}

fill();
byId("start").addEventListener("click", () => {
  send({ payload: "/greet", title: strings.started });
  words.focus();
});
byId("help").addEventListener("click", () => send({ payload: "/help_now", title: strings.help_now }));
byId("leave").addEventListener("click", leave);
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!words.value.trim()) return words.focus();
  send({ text: words.value });
  words.value = "";
  grow();
  words.focus();
});
words.addEventListener("input", grow);
words.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId("composer").requestSubmit();
  }
});
addEventListener("pageshow", (event) => event.persisted && location.reload());
addEventListener("offline", () => status(strings.offline));
addEventListener("online", () => session.open && follow());

if (session.open || outbox.waiting.length) {
  showChat();
  for (const message of outbox.waiting) ownBubble(message);
  if (session.open) {
    follow();
    outbox.send();
  } else begin();
}
