/** Brings the drivers that a configuration needs: those of the house as they are used, and those of npm packages. */

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import type { AnyDriver } from '../acquisition/driver.ts';
import { loadDriver, PROTOCOLS } from '../acquisition/drivers/driverRegistry.ts';

/** By the name of their protocol. */
export type Drivers = ReadonlyMap<string, AnyDriver>;

/** The npm package that brings a driver. */
export interface DriverOrigin {
  /** As the configuration names it. */
  readonly package: string;
  /** Of the module that exports it; absolute. */
  readonly path: string;
}

export interface LoadedDrivers {
  readonly drivers: Drivers;
  /** Of the drivers of others, by protocol as well. */
  readonly origins: ReadonlyMap<string, DriverOrigin>;
  readonly defects: readonly Defect[];
}

/**
 * `packages` are those that the document names under `drivers`; each exports a list `drivers`. They are looked for as seen
 * from the file, and run with all rights of the gateway: who writes their names there trusts them. A package cannot take
 * the place of a protocol of the house.
 */
export async function loadDrivers(
  document: ConfigDocument,
  packages: readonly string[],
  protocols: readonly (string | undefined)[],
): Promise<LoadedDrivers> {
  const drivers = new Map<string, AnyDriver>();
  const origins = new Map<string, DriverOrigin>();
  const defects: Defect[] = [];
  for (const [index, name] of packages.entries()) {
    const refuse = (message: string, hint: string) => defects.push(document.defect(['drivers', index], message, hint));
    try {
      const path = createRequire(resolve(document.file)).resolve(name);
      for (const driver of await importDrivers(path)) {
        const { protocol } = driver.manifest;
        if (PROTOCOLS.includes(protocol) || drivers.has(protocol)) {
          refuse(`"${name}" brings a driver for ${protocol}, which there is already`, 'remove one of the two');
        } else {
          drivers.set(protocol, driver);
          origins.set(protocol, { package: name, path });
        }
      }
    } catch (error) {
      const [reason] = (error as Error).message.split('\n', 1);
      refuse(`"${name}" cannot be loaded: ${reason}`, 'install it with npm beside this file, and check its name');
    }
  }
  for (const protocol of new Set(protocols)) {
    const driver = protocol === undefined ? undefined : await loadDriver(protocol);
    if (driver) drivers.set(driver.manifest.protocol, driver);
  }
  return { drivers, origins, defects };
}

async function importDrivers(path: string): Promise<readonly AnyDriver[]> {
  const { drivers } = (await import(pathToFileURL(path).href)) as { readonly drivers?: readonly AnyDriver[] };
  if (!Array.isArray(drivers)) throw new Error('it exports no list named drivers');
  return drivers;
}
