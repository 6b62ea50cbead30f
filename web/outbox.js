// What the person wrote, until the server has it: kept for this tab, sent one by one, tried again with growing pauses.

import { Refused, backoff, pause } from "./api.js";

const KEPT = "middle-ground.outbox";
const TRIED_AGAIN = new Set([408, 425, 429]);

export class Outbox {
  #waiting = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  #busy = false;

  /** `post(message)` sends one; `events`: unreachable(message), reached(), refused(message, status), ended(). */
  constructor(post, events) {
    this.post = post;
    this.events = events;
  }

  get waiting() {
    return [...this.#waiting];
  }

  /** Keep `message` and give it its id; `send` sends it. */
  add(message) {
    const whole = { client_msg_id: crypto.randomUUID ? crypto.randomUUID() : randomId(), ...message };
    this.#waiting.push(whole);
    this.#keep();
    return whole;
  }

  forget() {
    this.#waiting = [];
    sessionStorage.removeItem(KEPT);
  }

  async send() {
    if (this.#busy) return;
    this.#busy = true;
    for (let tries = 0; this.#waiting.length; ) {
      const message = this.#waiting[0];
      try {
        await this.post(message);
        tries = 0;
        this.#drop(message);
        this.events.reached();
      } catch (error) {
        const status = error instanceof Refused ? error.status : 0;
        if (status === 401) {
          await this.events.ended();
        } else if (status >= 400 && status < 500 && !TRIED_AGAIN.has(status)) {
          this.#drop(message);
          this.events.refused(message, status);
          continue;
        } else {
          this.events.unreachable(message);
        }
        await pause(backoff(tries++));
      }
    }
    this.#busy = false;
  }

  #drop(message) {
    this.#waiting = this.#waiting.filter((one) => one !== message);
    this.#keep();
  }

  #keep() {
    sessionStorage.setItem(KEPT, JSON.stringify(this.#waiting));
  }
}

// crypto.randomUUID is missing on plain http from another machine of the house.
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
