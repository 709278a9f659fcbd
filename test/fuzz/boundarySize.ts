/** How much of each kind of hostile bytes the tests of the boundary try, and what they tell of it. */

const { FUZZ_FRAMES = '20000', FUZZ_SEED = '1' } = process.env;
const FRAMES = Number(FUZZ_FRAMES);

export const SEED = Number(FUZZ_SEED);
/** Flips of one bit, of each kind; 100,000 in `npm run test:fuzz`. */
export const FLIPS = Math.ceil(FRAMES / 10);
/** Mutated datagrams and TLS payloads; together ten million in `npm run test:fuzz`, 200,000 in `npm test`. */
export const DATAGRAMS = Math.ceil(FRAMES * 8.2);
export const UDP_DATAGRAMS = Math.ceil(FRAMES * 0.5);
export const PAYLOADS = FRAMES;
export const ANSWERS = Math.ceil(FRAMES * 0.3);
/** Connections with a handshake of their own. */
export const HANDSHAKES = Math.ceil(FRAMES / 500);
/** Documents that take about a millisecond each to judge. */
export const DOCUMENTS = Math.ceil(FRAMES / 200);
export const TIMEOUT_MS = 60_000 + FRAMES;

/** Says in the long run what was tried, how fast, and what it left in memory. */
export function reportFigures(what: string, count: number, startedAtMs: number, more: object = {}): void {
  if (FRAMES < 1_000_000) return;
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const figures = { count, seconds: Math.round(seconds * 10) / 10, perSecond: Math.round(count / seconds), ...more };
  process.stdout.write(`${what}: ${JSON.stringify(figures)}\n`);
}
