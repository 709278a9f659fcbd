/** Every driver of the registry passes the conformance suite, and every folder beside this file is a driver's. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeDriver } from '../testbed/driverConformance.ts';
import { driverFolder, loadDriver, PROTOCOLS } from './driverRegistry.ts';

for (const protocol of PROTOCOLS) {
  const driver = await loadDriver(protocol);
  if (!driver) throw new Error(`${protocol} has no driver`);
  describe(protocol, () => {
    it('goes by the name of the registry', () => expect(driver.manifest.protocol).toBe(protocol));
    describeDriver(driver, join(import.meta.dirname, driverFolder(protocol)));
  });
}

it('finds every driver', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(new Set(folders.map(({ name }) => name))).toEqual(new Set(PROTOCOLS.map(driverFolder)));
});
