// A timer for a practice: starts, pauses, ends when the person says so. It goes by the clock, so a sleeping tab does no harm.

import { el } from "./dom.js";
import { strings } from "./strings.js";

const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** Return a timer of `minutes`. `say` speaks to a screen reader; `end` is the button that ends it, made here where there is none. */
export function timer(minutes, say, end = el("button", { type: "button", class: "quick" }, strings.timer_done)) {
  const whole = Math.round(minutes * 60);
  let left = whole;
  let endsAt = null;
  let ticking = null;

  const shown = el("span", { class: "timer-clock", role: "timer", "aria-live": "off" }, clock(whole));
  const bar = el("progress", { max: "1", value: "0", "aria-label": strings.timer_label });
  const note = el("span", { class: "timer-note" }, strings.minutes(minutes));
  const go = el("button", { type: "button", class: "quick first", on: { click: toggle } }, strings.timer_start);

  function show() {
    left = Math.max(0, (endsAt - performance.now()) / 1000);
    shown.textContent = clock(Math.ceil(left));
    bar.value = 1 - left / whole;
    if (left > 0) return;
    stop();
    go.hidden = true;
    note.textContent = strings.timer_over;
    say(strings.timer_over);
  }

  function stop() {
    clearInterval(ticking);
    ticking = endsAt = null;
  }

  function toggle() {
    if (endsAt === null) {
      endsAt = performance.now() + left * 1000;
      ticking = setInterval(show, 250);
      go.textContent = strings.timer_pause;
    } else {
      show();
      stop();
      go.textContent = strings.timer_resume;
    }
  }

  end.addEventListener("click", () => {
    stop();
    go.hidden = true;
    end.disabled = true;
    note.textContent = strings.timer_stopped;
  });
  return el("div", { class: "timer", role: "group", "aria-label": strings.timer_label }, shown, bar, note, el("div", { class: "row" }, go, end));
}
