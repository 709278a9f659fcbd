/** Every driver by the name of its protocol in configuration; a driver is loaded when something asks for it. */

import type { AnyDriver } from '../driver.ts';

const LOADERS: ReadonlyMap<string, () => Promise<AnyDriver>> = new Map<string, () => Promise<AnyDriver>>([
  ['modbus-tcp', async () => (await import('./modbus/modbusDrivers.ts')).modbusTcpDriver],
  ['modbus-rtu', async () => (await import('./modbus/modbusDrivers.ts')).modbusRtuDriver],
  ['modbus-ascii', async () => (await import('./modbus/modbusDrivers.ts')).modbusAsciiDriver],
  ['dnp3', async () => (await import('./dnp3/dnp3Driver.ts')).dnp3Driver],
  ['profibus-dp', async () => (await import('./profibus/profibusDriver.ts')).profibusDriver],
  ['opc-ua', async () => (await import('./opcua/opcuaDriver.ts')).opcuaDriver],
]);

export const PROTOCOLS: readonly string[] = [...LOADERS.keys()];

/** `undefined` where there is no driver for the protocol. */
export async function loadDriver(protocol: string): Promise<AnyDriver | undefined> {
  return LOADERS.get(protocol)?.();
}

/** The folder beside this file in which the driver of a protocol lies: `modbus-rtu` is one of `modbus`. */
export function driverFolder(protocol: string): string {
  return protocol === 'opc-ua' ? 'opcua' : protocol.split('-', 1)[0];
}
