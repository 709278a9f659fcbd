/** `main.ts check --config FILE`: everything that is wrong with a configuration, or how much it asks of the plant. */

import { formatReport } from '@tidegate/config/formatReport.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { numberTags, tagIds } from '@tidegate/edge/configuration/numberTags.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { crossingSummary } from './policy/crossingReport.ts';
import { formatReadPlan } from './readPlan.ts';

/** Prints the report or the read plan to standard output; gives the status to end with. */
export async function checkConfiguration(file: string): Promise<number> {
  const loaded = await loadGatewayConfig(file);
  if (!loaded.ok) {
    process.stdout.write(formatReport(loaded.defects, process.stdout));
    return EXIT.refused;
  }
  // Which numbers the tags will get is of no matter here, and the registry that knows is not to be touched.
  const { lines, crossings } = numberTags(loaded.value, [...tagIds(loaded.value).keys()]);
  const summary = crossingSummary(loaded.value.policy && crossings);
  process.stdout.write(formatReadPlan(lines, summary));
  return EXIT.ok;
}
