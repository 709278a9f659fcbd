/** What an operator should set at the sender, from what the receiver sees: there is no other way back. */

export interface ObservedLoss {
  /** Data and parity symbols of a group. */
  readonly k: number;
  readonly m: number;
  /** Symbols whose sending is over, and how many of them came. */
  readonly expected: number;
  readonly arrived: number;
  readonly worstGroupLoss: number;
  /** Datagrams that came and found the receiver's buffer full. */
  readonly kernelDrops: number;
  readonly bytesPerSecond: number;
}

export interface LossAdvice {
  /** The part of the datagrams that did not come, from 0 to 1. */
  readonly loss: number;
  readonly m: number;
  /** What the receiver can bear; `undefined` where nothing speaks against the rate as it is. */
  readonly bytesPerSecond: number | undefined;
  readonly text: string;
}

/** Fewer symbols say nothing about a link. */
const MIN_SYMBOLS = 1_000;
/** A loss is taken to be a third worse than it was seen, and one group in a thousand million may be lost. */
const CAUTION = 1.33;
const MAX_GROUP_LOSS = 1e-9;
const MIN_PARITY = 2;
const SLOWER = 0.8;

/** `undefined` while too little has been seen. */
export function adviseOnLoss(seen: ObservedLoss): LossAdvice | undefined {
  const { k, m: present, expected, arrived, worstGroupLoss, kernelDrops } = seen;
  if (expected < MIN_SYMBOLS || k < 1) return undefined;
  const loss = Math.max(0, 1 - arrived / expected);
  const m = Math.min(256 - k, Math.max(parityFor(k, Math.min(1, loss * CAUTION)), Math.min(worstGroupLoss + 2, k)));
  const bytesPerSecond = kernelDrops > 0 ? Math.round(seen.bytesPerSecond * SLOWER) : undefined;
  const parts = [`${(loss * 100).toFixed(2)} % of the datagrams were lost, at worst ${worstGroupLoss} of one group`];
  if (m > present) parts.push(`raise m from ${present} to ${m} (k = ${k})`);
  else parts.push(`m = ${present} suffices for k = ${k}${m < present ? `, and so would ${m}` : ''}`);
  if (bytesPerSecond !== undefined) {
    parts.push(
      `the receiver's buffer was full ${kernelDrops} times: enlarge it or lower the rate to ${bytesPerSecond} B/s`,
    );
  }
  return { loss, m, bytesPerSecond, text: parts.join('; ') };
}

/** The fewest parity symbols with which a group of `k` is lost less often than `MAX_GROUP_LOSS`, each symbol with `loss`. */
export function parityFor(k: number, loss: number): number {
  if (loss <= 0) return MIN_PARITY;
  for (let m = MIN_PARITY; k + m < 256; m++) if (moreLostThan(m, k + m, loss) < MAX_GROUP_LOSS) return m;
  return 256 - k;
}

/** The probability that of `count` symbols more than `most` are lost. */
function moreLostThan(most: number, count: number, loss: number): number {
  if (loss >= 1) return 1;
  // The terms of the binomial distribution from the last one down, by their logarithms: they are far below 1.
  let sum = 0;
  let log = count * Math.log(loss);
  for (let lost = count; lost > most; lost--) {
    sum += Math.exp(log);
    log += Math.log(lost / (count - lost + 1)) + Math.log((1 - loss) / loss);
  }
  return sum;
}
