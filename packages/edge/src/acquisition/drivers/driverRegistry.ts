/** Every driver by the name of its protocol in configuration. */

import type { Driver } from '../driver.ts';
import { modbusDriver } from './modbus/modbusDriver.ts';

export const DRIVERS = { 'modbus-tcp': modbusDriver } as const satisfies Readonly<Record<string, Driver>>;

export type Protocol = keyof typeof DRIVERS;

export const PROTOCOLS = Object.keys(DRIVERS) as readonly Protocol[];
