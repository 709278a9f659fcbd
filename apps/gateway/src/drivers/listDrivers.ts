/** `main.ts drivers [PROTOCOL] [--config FILE] [--json]`: the drivers, and what each may send to a device. */

import { parseArgs } from 'node:util';
import { formatReport } from '@tidegate/config/formatReport.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { readDriverCatalogue, readExample } from './driverCatalogue.ts';
import { formatDriver, formatDriverList } from './formatDrivers.ts';

/** Prints to standard output; gives the status to end with. */
export async function listDrivers(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { config: { type: 'string' }, json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const { drivers, defects } = await readDriverCatalogue(values.config);
  if (defects.length > 0) {
    process.stderr.write(formatReport(defects, process.stderr));
    return EXIT.refused;
  }
  const [protocol] = positionals;
  if (protocol === undefined) {
    const sheets = drivers.map(({ sheet }) => sheet);
    process.stdout.write(values.json ? toJson(sheets) : formatDriverList(sheets));
    return EXIT.ok;
  }
  const driver = drivers.find(({ sheet }) => sheet.protocol === protocol);
  if (!driver) {
    const protocols = drivers.map(({ sheet }) => sheet.protocol);
    const nearest = nearestWord(protocol, protocols);
    const hint = nearest === undefined ? `There are: ${protocols.join(', ')}.` : `Did you mean ${nearest}?`;
    process.stderr.write(`tidegate drivers: there is no driver for "${protocol}". ${hint}\n`);
    return EXIT.refused;
  }
  const example = await readExample(driver);
  process.stdout.write(values.json ? toJson({ ...driver.sheet, example }) : formatDriver(driver.sheet, example));
  return EXIT.ok;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
