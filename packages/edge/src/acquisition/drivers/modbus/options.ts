/** The keys of a Modbus device in configuration. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';
import { MAX_BITS, MAX_REGISTERS } from './plan.ts';

const SECOND = 1_000;

const shared = {
  maxRegisters: z
    .int()
    .min(1)
    .max(MAX_REGISTERS)
    .default(MAX_REGISTERS)
    .describe(`the most registers that the device gives in one request, 1 to ${MAX_REGISTERS}`),
  maxCoils: z
    .int()
    .min(1)
    .max(MAX_BITS)
    .optional()
    .describe(`the most coils or discrete inputs that the device gives in one request, 1 to ${MAX_BITS}`),
  maxGap: z
    .int()
    .min(0)
    .max(2_000)
    .optional()
    .describe('how many registers that nobody wants may be read to save a request, where that is cheaper at all'),
  merge: z.boolean().default(true).describe('false for a device that gives one value in a request, and no more'),
  identify: z.boolean().default(false).describe('true to ask the device who it is when a link opens (function 43/14)'),
};

export const tcpOptions = z.strictObject({
  unit: z.int().min(0).max(255).default(1).describe('the unit behind the address, 0 to 255'),
  ...shared,
  pipeline: z
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('how many requests may be under way at once, 1 to 16, where the device takes more than one'),
});

export const serialOptions = z.strictObject({
  unit: z.int().min(1).max(247).default(1).describe('the address of the device on its line, 1 to 247'),
  ...shared,
  turnaround: durationMs(0, SECOND)
    .default(0)
    .describe('silence before each request beyond the 3.5 characters of the standard, such as 20ms'),
});

export type TcpOptions = z.output<typeof tcpOptions>;
export type SerialOptions = z.output<typeof serialOptions>;
/** What the devices of all framings have in common. */
export type ModbusOptions = Omit<TcpOptions, 'pipeline'>;
