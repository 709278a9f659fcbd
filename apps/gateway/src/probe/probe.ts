/** `main.ts probe PROTOCOL ...`: finds out what is there, politely, before it is configured. */

import { probeModbus } from './modbus/probeModbus.ts';
import { refuseArguments } from './probeOutcome.ts';
import { probeProfibus } from './profibus/probeProfibus.ts';

type Probe = (args: readonly string[], signal: AbortSignal) => Promise<number>;

const PROBES: Readonly<Record<string, Probe>> = { modbus: probeModbus, profibus: probeProfibus };

/** What was found goes to standard output, everything else to standard error; gives the status to end with. */
export async function probe([protocol = 'nothing', ...args]: readonly string[]): Promise<number> {
  if (!Object.hasOwn(PROBES, protocol)) {
    return refuseArguments([`${protocol} cannot be probed: ${Object.keys(PROBES).join(' and ')} can`]);
  }
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return PROBES[protocol](args, stopped.signal);
}
