/** Every driver by the name of its protocol in configuration; a driver is loaded when something asks for it. */

import type { AnyDriver } from '../driver.ts';

const LOADERS: ReadonlyMap<string, () => Promise<AnyDriver>> = new Map([
  ['modbus-tcp', async () => (await import('./modbus/modbusDriver.ts')).modbusDriver],
]);

export const PROTOCOLS: readonly string[] = [...LOADERS.keys()];

/** `undefined` where there is no driver for the protocol. */
export async function loadDriver(protocol: string): Promise<AnyDriver | undefined> {
  return LOADERS.get(protocol)?.();
}
