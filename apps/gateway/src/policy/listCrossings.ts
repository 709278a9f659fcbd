/** `main.ts crossings --config FILE --policy FILE`: which tags of a gateway a policy lets cross, whichever the gateway names. */

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { numberTags, tagIds } from '@tidegate/edge/configuration/numberTags.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { crossingTable } from './crossingReport.ts';

/** Prints to standard output; gives the status to end with: 1 where a tag does not cross. */
export async function listCrossings(args: readonly string[]): Promise<number> {
  const options = { config: { type: 'string' }, policy: { type: 'string' } } as const;
  const { config = '', policy = '' } = parseArgs({ args: [...args], options }).values;
  const loaded = await loadGatewayConfig(config, resolve(policy));
  if (!loaded.ok) {
    process.stdout.write(formatReport(loaded.defects, process.stdout));
    return EXIT.refused;
  }
  const { crossings } = numberTags(loaded.value, [...tagIds(loaded.value).keys()]);
  process.stdout.write(crossingTable(crossings));
  return crossings.every(({ allowed }) => allowed) ? EXIT.ok : EXIT.failed;
}
