/** `main.ts selftest --config FILE`: what of a gateway's controls can be proved on its own machine, as JSON. */

import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { numberTags, tagIds } from '@tidegate/edge/configuration/numberTags.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { GatewayFacts, SideReport } from '@tidegate/process/selftest/check.ts';
import { lockHolder } from '@tidegate/process/selftest/lockHolder.ts';
import { readDriverCatalogue } from '../drivers/driverCatalogue.ts';
import { proveKeyFiles } from './keyFiles.ts';
import { proveOneWay } from './oneWay.ts';
import { proveUndeclaredRefused } from './undeclaredTag.ts';
import { proveWritesRefused } from './writeRefusal.ts';

/** Touches no device and writes nothing. Gives the status to end with, whatever was found. */
export async function selftest(args: readonly string[]): Promise<number> {
  const { config: file = '' } = parseArgs({ args: [...args], options: { config: { type: 'string' } } }).values;
  const loaded = await loadGatewayConfig(file);
  if (!loaded.ok) {
    process.stderr.write(formatReport(loaded.defects, process.stderr));
    return EXIT.refused;
  }
  const config = loaded.value;
  const { server, gateway, policy } = config;
  const { drivers } = await readDriverCatalogue(file);
  const folders = new Map(drivers.map(({ sheet, folder }) => [sheet.protocol, folder]));
  const { lines } = numberTags(config, [...tagIds(config).keys()]);
  const holder = lockHolder(config.dataDirectory);
  const owner = holder?.uid ?? process.getuid?.() ?? 0;
  const report: SideReport<GatewayFacts> = {
    facts: {
      ...{ gateway, host: server.host, port: server.port, serverName: server.serverName },
      diode: server.diode !== undefined,
      ...{ certificates: server.certificates, policy: policy?.digest ?? null },
    },
    checks: [
      await proveWritesRefused(lines, (protocol) => folders.get(protocol)),
      await proveOneWay(config, holder),
      proveUndeclaredRefused(config),
      ...proveKeyFiles(config, owner),
    ],
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  return EXIT.ok;
}
