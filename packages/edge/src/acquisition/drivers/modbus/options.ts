/** The keys of a Modbus device in configuration. */

import { z } from 'zod';

export const optionsSchema = z.strictObject({
  unit: z.int().min(0).max(255).default(1).describe('the unit behind the address, 0 to 255'),
  maxGap: z.int().min(0).max(2_000).optional().describe('items that nobody wants but may be read to save a request'),
  maxRegisters: z.int().min(1).max(125).optional().describe('most registers in one request, where the device takes fewer'),
});

export type ModbusOptions = z.output<typeof optionsSchema>;
