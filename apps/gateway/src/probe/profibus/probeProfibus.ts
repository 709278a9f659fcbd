/** `main.ts probe profibus ...`: finds the bit rate of a bus and tells what is on it, by listening alone. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type BitRateTrial, findBitRate } from '@tidegate/edge/acquisition/drivers/profibus/probe/findBitRate.ts';
import { type OverheardBus, overhearBus } from '@tidegate/edge/acquisition/drivers/profibus/probe/overhearBus.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { tapOpener } from '@tidegate/edge/acquisition/transport/openLine.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { placeOf } from '../probedMedium.ts';
import { failProbe, INTERRUPTED, type Remedies, refuseArguments } from '../probeOutcome.ts';
import { readBusArguments } from './busRequest.ts';
import { formatBus, percent } from './formatBus.ts';

const REMEDIES: Remedies = {
  'link.connect': 'Check the path of the port or recording, or the address of the serial server.',
  'link.closed': 'Is the adapter still plugged in? A serial server may take no more connections than it has.',
  'link.timeout':
    'Is a master in operation? Is the adapter an RS-485 receiver, connected to A and B of the bus, and may its port be read?',
  'device.answer':
    'Are A and B swapped? Is the line terminated, and is it PROFIBUS DP? Where a bit rate was given: without --baud a serial port looks for it.',
};

/** What was found goes to standard output, everything else to standard error; gives the status to end with. */
export async function probeProfibus(args: readonly string[], signal: AbortSignal): Promise<number> {
  const read = readBusArguments(args);
  if (!read.ok) return refuseArguments(read.complaints);
  const request = read.value;
  process.stderr.write('Listens only: the line is opened as a tap, which cannot send. Ctrl-C stops.\n');
  const medium = request.findsBitRate ? await withBitRate(request.medium, signal) : success(request.medium);
  if (!medium.ok) return failProbe(medium.fault, REMEDIES, signal);
  const heard = await listen(medium.value, request.listenMs, signal);
  if (!heard.ok) return failProbe(heard.fault, REMEDIES, signal);
  process.stdout.write(formatBus(heard.value, medium.value, request));
  return signal.aborted ? INTERRUPTED : EXIT.ok;
}

const tapOn = (medium: Medium) =>
  tapOpener('probe', medium, {
    clock: systemClock,
    events: ({ detail }) => process.stderr.write(`${detail}\n`),
  });

/** The port at the bit rate of the bus. */
async function withBitRate(medium: Medium, signal: AbortSignal): Promise<Result<Medium>> {
  const at = (baudRate: number) => ({ ...medium, baudRate });
  const found = await findBitRate((bitRate) => tapOn(at(bitRate)), systemClock, signal, tellTrial);
  if (!found.ok) return found;
  const { bitRate, receivedBytes } = found.value;
  if (bitRate !== undefined) {
    process.stderr.write(`The bus runs at ${bitRate} bit/s.\n`);
    return success(at(bitRate));
  }
  return receivedBytes === 0
    ? failure('link.timeout', 'nothing was heard at any bit rate')
    : failure('device.answer', `${receivedBytes} bytes were heard, and make no telegrams at any bit rate`);
}

function tellTrial(trial: BitRateTrial): void {
  process.stderr.write(`${String(trial.bitRate).padStart(8)} bit/s: ${outcomeOf(trial)}\n`);
}

function outcomeOf(trial: BitRateTrial): string {
  if ('refusal' in trial) return `skipped, ${trial.refusal}`;
  const { bytes, telegrams, score } = trial;
  if (bytes.length === 0) return 'nothing heard';
  return `${bytes.length} bytes, ${telegrams} checked telegrams, ${percent(score)} of the bytes make sense`;
}

async function listen(medium: Medium, forMs: number, signal: AbortSignal): Promise<Result<OverheardBus>> {
  const opener = tapOn(medium);
  const opened = await opener.open(signal);
  if (!opened.ok) return opened;
  process.stderr.write(`Listens at ${placeOf(medium)} for ${forMs / 1_000} s.\n`);
  const bitRate = 'baudRate' in medium ? medium.baudRate : undefined;
  const heard = await overhearBus(opened.value, bitRate, forMs, systemClock, signal);
  opened.value.close();
  await opener.close();
  if (!heard.ok || heard.value.telegrams > 0) return heard;
  const { receivedBytes } = heard.value;
  return receivedBytes === 0
    ? failure('link.timeout', 'nothing was heard')
    : failure('device.answer', `${receivedBytes} bytes were heard, and make no telegrams`);
}
