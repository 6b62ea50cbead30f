// The server: one session, messages up, events down.

const KEPT = "middle-ground.session";
const LONGEST_WAIT = 30_000;
const SILENCE = 45_000; // three heartbeats: after that the line is taken for dead

export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
  }
}

/** Milliseconds to wait before try number `tries` (0, 1, ...): doubling, at most 30 s, never twice the same. */
export function backoff(tries) {
  const most = Math.min(LONGEST_WAIT, 500 * 2 ** tries);
  return most / 2 + Math.random() * (most / 2);
}

/** Wait; shorter where `signal` says so or the browser is back online. */
export const pause = (milliseconds, signal) =>
  new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      signal?.removeEventListener("abort", over);
      resolve();
    };
    const timer = setTimeout(over, milliseconds);
    addEventListener("online", over);
    signal?.addEventListener("abort", over);
  });

export class Session {
  #token = sessionStorage.getItem(KEPT);

  get open() {
    return this.#token !== null;
  }

  async begin() {
    const answer = await fetch("session", { method: "POST" });
    if (!answer.ok) throw new Refused(answer.status);
    this.#token = (await answer.json()).session;
    sessionStorage.setItem(KEPT, this.#token);
  }

  forget() {
    this.#token = null;
    sessionStorage.removeItem(KEPT);
  }

  async post(message) {
    const answer = await fetch("messages", {
      method: "POST",
      headers: { ...this.#headers(), "Content-Type": "application/json" },
      body: JSON.stringify(message),
    });
    if (!answer.ok) throw new Refused(answer.status);
    return answer.json();
  }

  /** Give each event after number `after` to `take(name, data)`; ends when the line breaks, throws Refused on a refusal. */
  async listen(after, take, signal, opened) {
    const broken = new AbortController();
    const stop = () => broken.abort();
    signal.addEventListener("abort", stop, { once: true });
    let watch = setTimeout(stop, SILENCE);
    try {
      const answer = await fetch("events", {
        headers: { ...this.#headers(), "Last-Event-ID": String(after) },
        signal: broken.signal,
        cache: "no-store",
      });
      if (!answer.ok) throw new Refused(answer.status);
      opened();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(watch);
        watch = setTimeout(stop, SILENCE);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop();
        for (const block of blocks) deliver(block, take);
      }
    } finally {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
    }
  }

  #headers() {
    return { Authorization: `Bearer ${this.#token}` };
  }
}

function deliver(block, take) {
  const fields = Object.fromEntries(
    block.split("\n").filter((line) => !line.startsWith(":")).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
  );
  if (fields.event) take(fields.event, JSON.parse(fields.data || "{}"));
}
