/** The drivers that there are: those of the house, and those of the npm packages that a configuration names. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { driverFolder, loadDriver, PROTOCOLS } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import { draftSchema } from '@tidegate/edge/configuration/gatewaySchema.ts';
import { loadDrivers } from '@tidegate/edge/configuration/loadDrivers.ts';
import { type DriverSheet, driverSheet } from './driverSheet.ts';

export interface CataloguedDriver {
  readonly sheet: DriverSheet;
  /** Where its page and its example lie. */
  readonly folder: string;
}

export interface DriverCatalogue {
  readonly drivers: readonly CataloguedDriver[];
  /** What is wrong with the configuration file, or with packages that it names. */
  readonly defects: readonly Defect[];
}

/** The drivers of the house, and those that the configuration `file` brings. */
export async function readDriverCatalogue(file: string | undefined): Promise<DriverCatalogue> {
  const house = await Promise.all(PROTOCOLS.map(houseDriver));
  if (file === undefined) return { drivers: house, defects: [] };
  const document = await ConfigDocument.read(file);
  const { drivers: packages } = draftSchema.catch({ drivers: [], devices: [] }).parse(document.data);
  const { drivers, origins, defects } = await loadDrivers(document, packages, []);
  const others = [...origins].map(([protocol, origin]) => ({
    sheet: driverSheet(drivers.get(protocol)!, origin.package),
    folder: dirname(origin.path),
  }));
  return { drivers: [...house, ...others], defects: [...document.defects, ...defects] };
}

/** `undefined` where a driver of others has none. */
export async function readExample({ folder }: CataloguedDriver): Promise<string | undefined> {
  return readFile(join(folder, 'example.yaml'), 'utf8').catch(() => undefined);
}

async function houseDriver(protocol: string): Promise<CataloguedDriver> {
  const driver = await loadDriver(protocol);
  if (!driver) throw new Error(`the registry has no driver for ${protocol}`);
  const example = import.meta.resolve(`@tidegate/edge/acquisition/drivers/${driverFolder(protocol)}/example.yaml`);
  return { sheet: driverSheet(driver), folder: dirname(fileURLToPath(example)) };
}
