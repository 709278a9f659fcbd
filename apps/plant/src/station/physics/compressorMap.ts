/** The map of the centrifugal compressors: head and efficiency over flow and speed, in reduced coordinates. */

/**
 * By the fan laws, speed, flow and head are written as shares of the design point: n = N / N0, phi = (Q / Q0) / n and
 * psi = (H / H0) / n^2. All speeds then lie on one curve (Japikse, Centrifugal Compressor Design and Performance, 1996, 1.5;
 * the Mach number, which would spread the curves, is low for natural gas at these speeds).
 */
export const DESIGN = {
  speedRpm: 12_000,
  flowM3PerS: 2.05,
  headKJPerKg: 47,
  efficiency: 0.82,
} as const;

/** Reduced flow at which the curve is flat: left of it the machine surges. */
export const SURGE_FLOW = 0.65;
/** Reduced flow at which no head is left. */
export const CHOKE_FLOW = 1.43;
const SURGE_HEAD = 1.25;
/** So that the curve passes through (1, 1). */
const HEAD_FALL = (SURGE_HEAD - 1) / (1 - SURGE_FLOW) ** 2;
const BEST_FLOW = 1.02;
const EFFICIENCY_FALL = 0.6;
/** Head still rises this much, from surge to no flow, so that the flow at a head remains one. */
const STALL_RISE = 0.02;

/** Reduced head of a reduced flow. */
export function reducedHead(phi: number): number {
  const distance = phi - SURGE_FLOW;
  return distance < 0 ? SURGE_HEAD - STALL_RISE * distance : SURGE_HEAD - HEAD_FALL * distance * distance;
}

/** Polytropic efficiency of a reduced flow, as a fraction. */
export function polytropicEfficiency(phi: number): number {
  const distance = phi - BEST_FLOW;
  return DESIGN.efficiency * (1 - EFFICIENCY_FALL * distance * distance);
}
