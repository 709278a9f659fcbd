/** Commissioning: finds the bit rate of a bus by listening at each of the standard ones for a moment. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { LineOpener, Tap } from '../../../transport/link.ts';
import { BIT_RATES, type ByteScore, chooseBitRate, scoreBytes } from '../fdl/bitRate.ts';
import { overhear } from './overhear.ts';

/** A slow line carries some twenty telegrams in it, and a quiet ring looks for new stations several times. */
const TRIAL_MS = 1_000;
/** On a fast line this is there sooner. */
const ENOUGH_BYTES = 8_192;

/** What was heard at a bit rate, or why nothing could be: the port does not know the rate. */
export type BitRateTrial =
  | ({ readonly bitRate: number; readonly bytes: Uint8Array } & ByteScore)
  | { readonly bitRate: number; readonly refusal: string };

export interface BitRateSearch {
  /** `undefined` where the line makes sense at none of the rates that were tried. */
  readonly bitRate: number | undefined;
  /** Over all trials. */
  readonly receivedBytes: number;
}

/**
 * Tries all rates, or those up to the moment at which `signal` aborts. A rate that the port refuses is left out; the first
 * one, 9600 bit/s, every port knows: where that is refused the port itself is at fault. Faults: those of `openerAt` and of
 * a tap that was closed from elsewhere.
 */
export async function findBitRate(
  openerAt: (bitRate: number) => LineOpener<Tap>,
  clock: Clock,
  signal: AbortSignal,
  onTrial: (trial: BitRateTrial) => void,
): Promise<Result<BitRateSearch>> {
  const trials: { readonly bitRate: number; readonly bytes: Uint8Array }[] = [];
  for (const bitRate of BIT_RATES) {
    if (signal.aborted) break;
    const opener = openerAt(bitRate);
    const opened = await opener.open(signal);
    if (opened.ok) {
      const heard = await listenBriefly(opened.value, clock, signal);
      await opener.close();
      if (!heard.ok) return heard;
      trials.push({ bitRate, bytes: heard.value });
      onTrial({ bitRate, bytes: heard.value, ...scoreBytes(heard.value) });
    } else {
      await opener.close();
      if (signal.aborted) break;
      if (bitRate === BIT_RATES[0]) return opened;
      onTrial({ bitRate, refusal: opened.fault.detail });
    }
  }
  const receivedBytes = trials.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return success({ bitRate: chooseBitRate(trials), receivedBytes });
}

async function listenBriefly(tap: Tap, clock: Clock, signal: AbortSignal): Promise<Result<Uint8Array>> {
  const stop = () => tap.close();
  signal.addEventListener('abort', stop);
  const held = new Uint8Array(ENOUGH_BYTES);
  let length = 0;
  const ended = await overhear(tap, TRIAL_MS, clock, (chunk) => {
    const piece = chunk?.subarray(0, ENOUGH_BYTES - length) ?? new Uint8Array(0);
    held.set(piece, length);
    length += piece.length;
    return length < ENOUGH_BYTES;
  });
  signal.removeEventListener('abort', stop);
  tap.close();
  return ended.ok || signal.aborted ? success(held.subarray(0, length)) : ended;
}
