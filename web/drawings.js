// The loop of two people, and how numbers went over time: drawn, with the same in words for a screen reader.

import { el } from "./dom.js";
import { strings } from "./strings.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 320;

function shape(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Break a text into lines of at most `most` letters; what does not fit in `lines` of them ends in "…". */
export function broken(text, most = 30, lines = 3) {
  const rows = [];
  for (const word of text.split(/\s+/)) {
    const last = rows[rows.length - 1];
    if (last !== undefined && `${last} ${word}`.length <= most) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(word.slice(0, most));
  }
  if (rows.length <= lines) return rows;
  return [...rows.slice(0, lines - 1), `${rows[lines - 1].slice(0, most - 1)}…`];
}

function box(y, who, does, after) {
  const rows = [...broken(does), ...broken(`${strings.loop_after} ${after}`, 34, 2)];
  const text = shape("text", { x: WIDE / 2, y: y + 24, "text-anchor": "middle", class: "drawn-text" });
  text.append(shape("tspan", { class: "drawn-who" }, who));
  rows.forEach((row) => text.append(shape("tspan", { x: WIDE / 2, dy: 19 }, row)));
  const tall = 40 + rows.length * 19;
  return [tall, shape("rect", { x: 30, y, width: WIDE - 60, height: tall, rx: 14, class: "drawn-box" }), text];
}

/** Return the loop as a picture: `about` holds i_do, they_do, i_after and they_after. */
export function loop(about) {
  const [first, ...mine] = box(12, strings.loop_you, about.i_do, about.i_after);
  const below = 12 + first + 44;
  const [second, ...theirs] = box(below, strings.loop_they, about.they_do, about.they_after);
  const tall = below + second + 12;
  const from = 12 + first / 2;
  const to = below + second / 2;
  const side = (x, bend, start, end) =>
    shape("path", { d: `M ${x} ${start} C ${bend} ${start}, ${bend} ${end}, ${x} ${end}`, class: "drawn-arrow", "marker-end": "url(#loop-head)" });
  const head = shape("marker", { id: "loop-head", viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
    shape("path", { d: "M 0 0 L 10 5 L 0 10 z", class: "drawn-head" }));
  const drawn = shape("svg", { viewBox: `0 0 ${WIDE} ${tall}`, class: "drawing", "aria-hidden": "true", focusable: "false" },
    shape("defs", {}, head), side(WIDE - 30, WIDE + 14, from, to), side(30, -14, to, from), ...mine, ...theirs);
  // The words stand in the card's text already; the picture only repeats them.
  return el("figure", { class: "figure" }, drawn);
}

const MEASURES = ["activation", "urge", "closeness"];

/** Return the numbers of the pulse as lines over time, with a table of them. `rows`: [{day, activation, urge, closeness}]. */
export function chart(rows) {
  const tall = 150;
  const x = (at) => 16 + (rows.length > 1 ? (at * (WIDE - 32)) / (rows.length - 1) : (WIDE - 32) / 2);
  const y = (value) => 12 + ((10 - value) * (tall - 24)) / 10;
  const parts = [0, 5, 10].map((value) => shape("line", { x1: 16, x2: WIDE - 16, y1: y(value), y2: y(value), class: "drawn-rule" }));
  for (const measure of MEASURES) {
    const points = rows.map((row, at) => `${x(at)},${y(row[measure])}`).join(" ");
    parts.push(shape("polyline", { points, class: `drawn-line drawn-${measure}` }));
    rows.forEach((row, at) => parts.push(shape("circle", { cx: x(at), cy: y(row[measure]), r: 3.5, class: `drawn-dot drawn-${measure}` })));
  }
  const drawn = shape("svg", { viewBox: `0 0 ${WIDE} ${tall}`, class: "drawing", "aria-hidden": "true", focusable: "false" }, ...parts);
  const head = el("tr", {}, el("th", { scope: "col" }, strings.chart_day), ...MEASURES.map((one) => el("th", { scope: "col", class: `key-${one}` }, strings.chart[one])));
  const body = rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.day), ...MEASURES.map((one) => el("td", {}, String(row[one])))));
  return el("figure", { class: "figure" }, drawn, el("table", { class: "numbers" }, el("caption", {}, strings.chart_caption), el("thead", {}, head), el("tbody", {}, ...body)));
}
