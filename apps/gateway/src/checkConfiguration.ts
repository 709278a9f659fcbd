/** `main.ts check --config FILE`: everything that is wrong with a configuration, or how much it asks of the plant. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';

/** Prints the report or a summary to standard output; gives the status to end with. */
export async function checkConfiguration(file: string): Promise<number> {
  const loaded = await loadGatewayConfig(file);
  if (loaded.ok) process.stdout.write(`ok: ${summaryOf(loaded.value)}\n`);
  else process.stdout.write(formatReport(loaded.defects, process.stdout));
  return loaded.ok ? EXIT.ok : EXIT.refused;
}

/** `3 devices, 64 tags, 128 readings a second`. */
function summaryOf({ devices, scanClasses }: GatewayConfig): string {
  const tags = devices.flatMap((device) => device.tags);
  const perSecond = tags.reduce((sum, { scan }) => sum + 1_000 / scanClasses[scan].intervalMs, 0);
  const readings = perSecond.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: false });
  return `${count(devices.length, 'device')}, ${count(tags.length, 'tag')}, ${readings} readings a second`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
