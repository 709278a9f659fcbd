/** The keys of an OPC UA server in configuration. */

import { durationMs } from '@tidegate/config/fields.ts';
import { z } from 'zod';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

export const optionsSchema = z.strictObject({
  endpointUrl: z
    .string()
    .regex(/^opc\.tcp:\/\/[^\s/]+(\/\S*)?$/)
    .max(1_024)
    .optional()
    .describe('the URL of the server, where it insists on its own, such as opc.tcp://plc-1:4840/path'),
  subscribe: z
    .boolean()
    .default(true)
    .describe('whether the server reports changes by itself; false where it cannot: then every scan reads every value'),
  queueSize: z
    .int()
    .min(1)
    .max(10_000)
    .default(10)
    .describe('how many changes of a value the server keeps until they are fetched'),
  keepAlive: durationMs(SECOND, HOUR)
    .default(10 * SECOND)
    .describe('after how long a time without changes the server says that it is there, such as 10s'),
  sessionTimeout: durationMs(10 * SECOND, HOUR)
    .default(MINUTE)
    .describe('how long the server keeps our session, and what it has collected, while the connection is broken'),
});

export type OpcuaOptions = z.output<typeof optionsSchema>;
