/** Ctrl-C and its kin: the first asks to stop in order, the next one to stop at once. */

/** npm passes on a Ctrl-C that the terminal has sent here as well: what follows this soon is the same key. */
const SAME_KEY_MS = 500;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Interrupt {
  /** Aborts at the first signal. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #force: () => void;
  #firstMs: number | undefined;

  /** `force` is called at the second signal. */
  constructor(force: () => void) {
    this.signal = this.#controller.signal;
    this.#force = force;
    for (const name of SIGNALS) process.on(name, this.#take);
  }

  close(): void {
    for (const name of SIGNALS) process.off(name, this.#take);
  }

  readonly #take = () => {
    const nowMs = performance.now();
    if (this.#firstMs === undefined) {
      this.#firstMs = nowMs;
      this.#controller.abort();
    } else if (nowMs - this.#firstMs > SAME_KEY_MS) {
      this.#force();
    }
  };
}
