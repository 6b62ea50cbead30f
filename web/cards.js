// A card as it looks: its parts, the person's own words marked, help lines to tap, quick replies, scale and timer.

import { el } from "./dom.js";
import { chart, loop } from "./drawings.js";
import { strings } from "./strings.js";
import { timer } from "./timer.js";

const SAFE_KINDS = new Set(["safety", "help"]);
// After one of these, what was on offer before is over; a button that carries its own value goes on working.
const NEW_GROUND = new Set(["coach", "healthy", "ask", "menu", "check_in", "safety", "exercise"]);
// One answer and no second one: the whole row is settled by the first press.
const ONE_ANSWER = new Set(["ask", "menu", "check_in", "safety", "everyday"]);

const TIMED = new Set(["practice", "exercise"]);
const DONE = /^\/practice_done$|^\/answer\{"value":"[\w.]+:yes"\}$/;

const QUOTED = /[“"]([^”"]+)[”"]/g;
// A web address (http, https or a bare domain), or a number to ring. "24/7" and "18:00" are neither.
const REACH = /(\b(?:https?:\/\/)?(?:[a-z0-9-]+\.)+(?:com|org|net|info|uk|eu|ie|au|nz|ca|de|fr|in|za|us|gov)\b(?:\/[\w./-]*\w\/?)?)|\+?\(?\d(?:[ ()-]{0,2}\d(?!\d?[/:]\d)){2,14}(?!\d)/gi;
const PART_OF_MORE = /[\d:./]$/;
const TEXT_TO = /\btext\b(?: \S+){0,3} to $/i;

/** Return the text as nodes, with what the person wrote in <mark>. */
export function marked(text, words) {
  const ranges = [];
  for (const { text: own } of words) {
    const at = own ? text.toLowerCase().indexOf(own.toLowerCase()) : -1;
    if (at >= 0) ranges.push([at, at + own.length]);
  }
  // A long quotation is cut by the bot and is then not to be found as it was: mark what stands in quotes.
  if (!ranges.length && words.length) {
    for (const found of text.matchAll(QUOTED)) ranges.push([found.index + 1, found.index + 1 + found[1].length]);
  }
  ranges.sort((one, other) => one[0] - other[0]);
  const nodes = [];
  let end = 0;
  for (const [from, to] of ranges) {
    if (from < end) continue;
    nodes.push(text.slice(end, from), el("mark", { title: strings.marked }, text.slice(from, to)));
    end = to;
  }
  return [...nodes, text.slice(end)];
}

/** Return the text as nodes, with its phone numbers and web addresses as links. */
export function reachable(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(REACH)) {
    const [shown, web] = found;
    const before = text.slice(0, found.index);
    if (!web && PART_OF_MORE.test(before)) continue;
    nodes.push(text.slice(end, found.index), web ? webLink(shown) : el("a", { href: `${TEXT_TO.test(before) ? "sms" : "tel"}:${shown.replace(/[^\d+]/g, "")}` }, shown));
    end = found.index + shown.length;
  }
  return [...nodes, text.slice(end)];
}

const webLink = (shown) => el("a", { href: /^https?:/i.test(shown) ? shown : `https://${shown}`, rel: "noopener noreferrer", target: "_blank" }, shown);

/** Everything a card says, in order, for a screen reader. */
export const spoken = (card) => card.bubbles.map((bubble) => [bubble.text, ...(bubble.steps || [])].join(". ")).join(" ");

/** Return the card of message number `seq`; `press(seq, button)` is told which quick reply was taken. */
export function cardView(card, seq, { press, say }) {
  const buttons = quickReplies(card, seq, press);
  const view = el("article", { class: `card card-${card.kind}`, "data-seq": seq, "data-kind": card.kind }, ...card.bubbles.map((bubble) => part(bubble, card.kind)));
  if (card.about?.loop) view.append(loop(card.about.loop));
  if (card.about?.chart?.length) view.append(chart(card.about.chart));
  if (card.minutes > 0 && TIMED.has(card.kind)) {
    const done = buttons.find((button) => DONE.test(button.dataset.payload));
    view.append(timer(card.minutes, say, done));
  }
  if (card.scale) view.append(scale(seq, press));
  const row = buttons.filter((button) => !button.parentNode);
  if (row.length) view.append(el("div", { class: "row" }, ...row));
  return view;
}

/** Show that `payload` of `view` was taken. */
export function settle(view, payload) {
  const chosen = view?.querySelector(`button[data-payload="${CSS.escape(payload)}"]`);
  if (!chosen) return;
  chosen.disabled = true;
  chosen.classList.add("chosen");
  chosen.setAttribute("aria-pressed", "true");
  if (ONE_ANSWER.has(view.dataset.kind) || chosen.closest(".scale")) {
    for (const button of view.querySelectorAll("button[data-payload]")) button.disabled = true;
  }
}

/** Close what the cards before this one still offered, where this one leads somewhere else. */
export function closeEarlier(log, card) {
  if (!NEW_GROUND.has(card.kind)) return;
  for (const button of log.querySelectorAll("button[data-payload]")) {
    const own = button.dataset.payload.includes("{") && !button.dataset.payload.startsWith("/answer") && !button.closest(".scale");
    if (card.kind === "safety" ? !button.closest(".card-safety, .card-help") : !own) button.disabled = true;
  }
}

function part(bubble, kind) {
  const safe = SAFE_KINDS.has(kind);
  // In danger a question is asked, not offered to think about: it stands without a heading.
  const label = kind === "coach" || (safe && bubble.part === "lines") ? strings.parts[bubble.part] : undefined;
  const text = bubble.words?.length ? marked(bubble.text, bubble.words) : safe ? reachable(bubble.text) : [bubble.text];
  const steps = bubble.steps?.length ? el("ol", {}, ...bubble.steps.map((step) => el("li", {}, step))) : null;
  if (bubble.part === "steps") return el("section", { class: "part part-steps" }, el("h3", {}, ...text), steps);
  return el("section", { class: `part part-${bubble.part.replace(/\W/g, "")}` }, label ? el("h3", { class: "label" }, label) : null, el("p", {}, ...text), steps);
}

function quickReplies(card, seq, press) {
  return (card.buttons ?? []).map(({ title, payload }) => quick(title, payload, () => press(seq, { title, payload })));
}

function quick(title, payload, taken) {
  const look = payload.startsWith("/start_practice") ? "quick first" : "quick";
  return el("button", { type: "button", class: look, "data-payload": payload, on: { click: taken } }, title);
}

function scale(seq, press) {
  const values = Array.from({ length: 11 }, (_, value) => {
    const payload = `/check_in{"value":"${value}"}`;
    return quick(String(value), payload, () => press(seq, { title: String(value), payload }));
  });
  return el(
    "div",
    { class: "scale", role: "group", "aria-label": strings.scale_label },
    el("div", { class: "scale-row" }, ...values),
    el("p", { class: "scale-ends" }, el("span", {}, strings.scale_low), el("span", {}, strings.scale_high)),
  );
}
