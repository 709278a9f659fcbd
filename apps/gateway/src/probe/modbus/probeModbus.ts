/** `main.ts probe modbus ...`: finds out what a unit has, politely and with reads alone, and tells it. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type ProbeProgress, probeUnit } from '@tidegate/edge/acquisition/drivers/modbus/probe/probeUnit.ts';
import type { Link } from '@tidegate/edge/acquisition/transport/link.ts';
import { guardedOpener } from '@tidegate/edge/acquisition/transport/openLine.ts';
import { createWriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { failProbe, INTERRUPTED, type Remedies, refuseArguments } from '../probeOutcome.ts';
import { announce, askedServices } from './announce.ts';
import { formatProbe } from './formatProbe.ts';
import { type ProbeRequest, readProbeArguments } from './probeRequest.ts';

const REMEDIES: Remedies = {
  'link.timeout':
    'Is there such a unit? On a serial line: are speed, parity and wiring right, and is nobody else asking?',
  'link.closed':
    'It may take no more connections than it has, or close them on what it does not know: try a smaller range.',
  'device.answer': 'Behind a serial server that does not translate, try --rtu or --ascii.',
};

/** What was found goes to standard output, everything else to standard error; gives the status to end with. */
export async function probeModbus(args: readonly string[], signal: AbortSignal): Promise<number> {
  const read = readProbeArguments(args);
  if (!read.ok) return refuseArguments(read.complaints);
  process.stderr.write(announce(read.value));
  const { driver, medium, unit } = read.value;
  // Nothing passes but what was announced, to this unit alone.
  const outbound = driver.manifest.outbound.filter(({ service }) => askedServices(read.value).includes(service));
  const guard = createWriteGuard({ ...driver.manifest, outbound }, driver.dissect, [{ station: unit, options: [] }]);
  const events = ({ detail }: { readonly detail: string }) => process.stderr.write(`${detail}\n`);
  const opener = guardedOpener('probe', medium, guard, { clock: systemClock, events });
  const opened = await opener.open(signal);
  try {
    return opened.ok ? await ask(opened.value, read.value, signal) : failProbe(opened.fault, REMEDIES, signal);
  } finally {
    if (opened.ok) opened.value.close();
    await opener.close();
  }
}

async function ask(link: Link, request: ProbeRequest, signal: AbortSignal): Promise<number> {
  const { driver, medium, unit, timeoutMs, options } = request;
  const protocol = driver.manifest.protocol as 'modbus-tcp' | 'modbus-rtu' | 'modbus-ascii';
  const bitRate = medium.kind === 'serial' ? medium.baudRate : undefined;
  const target = { protocol, unit, timeoutMs, bitRate };
  signal.addEventListener('abort', () => link.close());
  const report = await probeUnit(link, target, { ...options, signal }, systemClock, progressLine());
  process.stderr.write('\n');
  if (!report.ok) return failProbe(report.fault, REMEDIES, signal);
  process.stdout.write(formatProbe(report.value, request));
  if (signal.aborted) return INTERRUPTED;
  return report.value.tables.some(({ found }) => found.length > 0) ? EXIT.ok : EXIT.failed;
}

/** One line that is written over on a terminal; elsewhere a line for each step. */
function progressLine(): (progress: ProbeProgress) => void {
  let told = '';
  return ({ table, step, requests, left }) => {
    const doing = `${step} ${table}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${doing}: ${requests} requests, ${left} addresses left `);
    else if (doing !== told) process.stderr.write(`${told === '' ? '' : '\n'}${doing}`);
    told = doing;
  };
}
