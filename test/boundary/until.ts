/** Waits for what real programs will have done in a while. */

const LIMIT_MS = 60_000;
const LOOK_MS = 250;

/** Resolves when `condition` holds; it may throw until then. Where it never does, the error tells `log`. */
export async function until(
  what: string,
  condition: () => boolean,
  log: () => string,
  limitMs = LIMIT_MS,
): Promise<void> {
  const endsAtMs = Date.now() + limitMs;
  let error: unknown;
  while (Date.now() < endsAtMs) {
    try {
      if (condition()) return;
      error = undefined;
    } catch (thrown) {
      error = thrown;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`not within ${limitMs} ms: ${what}; ${error ?? ''}\n${log().slice(-4_000)}`);
}
