/**
 * One phone's live stream, kept alive: whatever the server does, it reconnects with growing pauses and then takes
 * the whole conversation anew, so that nothing said in the gap is missed. It never touches the page.
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const KINDS = ["message", "update", "typing", "reset"];

export class LiveStream {
  #source = null;
  #timer = 0;
  #pause = FIRST_PAUSE_MS;
  #generation = 0;

  /**
   * @param {string} url the stream's address
   * @param {{load: () => Promise<void>, handle: (kind: string, data: object) => void,
   *   connected: (up: boolean) => void}} owner `load` takes the whole state, `handle` gets each later event
   */
  constructor(url, owner) {
    this.url = url;
    this.owner = owner;
    window.addEventListener("online", () => this.#hurry());
    window.addEventListener("pageshow", (event) => event.persisted && this.connect());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#hurry());
  }

  connect() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#source?.close();
    const generation = ++this.#generation;
    const source = new EventSource(this.url);
    this.#source = source;
    // Events that arrive while the state is being fetched are newer than it or already in it: they wait.
    let early = [];
    for (const kind of KINDS) {
      source.addEventListener(kind, (event) => {
        const data = event.data ? JSON.parse(event.data) : {};
        if (early) early.push([kind, data]);
        else this.owner.handle(kind, data);
      });
    }
    source.onopen = async () => {
      try {
        await this.owner.load();
      } catch {
        // Whatever the reason, the answer is the same: say so and try again.
        if (generation === this.#generation) this.#lost();
        return;
      }
      if (generation !== this.#generation) return;
      const waiting = early ?? [];
      early = null;
      for (const [kind, data] of waiting) this.owner.handle(kind, data);
      this.#pause = FIRST_PAUSE_MS;
      this.owner.connected(true);
    };
    // The browser's own retry gives up on an error status and knows no growing pause, so it is not used.
    source.onerror = () => generation === this.#generation && this.#lost();
  }

  #lost() {
    this.#generation += 1;
    this.#source?.close();
    this.#source = null;
    this.owner.connected(false);
    const spread = 0.75 + Math.random() / 2;
    this.#timer = setTimeout(() => this.connect(), this.#pause * spread);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #hurry() {
    if (!this.#timer) return;
    this.#pause = FIRST_PAUSE_MS;
    this.connect();
  }
}
