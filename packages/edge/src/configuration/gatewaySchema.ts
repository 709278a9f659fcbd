/** The YAML file of a gateway: its keys, what they may hold, and what holds where they are left out. */

import { alarmSchema } from '@tidegate/alarm/definition/alarmSchema.ts';
import { byteSize, durationMs, filePath, host, port } from '@tidegate/config/fields.ts';
import { z } from 'zod';
import type { AnyDriver } from '../acquisition/driver.ts';
import { compressionClassSchema } from './compressionSchema.ts';
import { diodeSchema } from './diodeSchema.ts';
import { healthSchema } from './health/healthSchema.ts';
import { limitsShape, lineLimitsShape } from './limitsSchema.ts';
import { mediumShape } from './mediumSchema.ts';
import { inlineTagSchema } from './tagSchema.ts';

export type GatewayDocument = z.output<ReturnType<typeof gatewaySchemaOf>>;

const NAME_HINT = 'letters, digits, dots, hyphens and underscores, at most 63, such as north-1';
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const SECOND = 1_000;
const DAY = 86_400_000;
const MIB = 1024 * 1024;

const name = z
  .string()
  .superRefine((text, context) => {
    if (NAME.test(text)) return;
    context.issues.push({
      code: 'custom',
      message: `${JSON.stringify(text)} is not a name`,
      input: text,
      params: { hint: NAME_HINT },
    });
  })
  .describe(NAME_HINT);

/** In the journal of alarms `server` is the server itself. */
const gatewayName = name.superRefine((text, context) => {
  if (text !== 'server') return;
  const params = { hint: 'name the gateway after its site, such as north-1' };
  context.issues.push({ code: 'custom', message: '"server" is the name of the server', input: text, params });
});

const file = filePath();

/** A sample waits at most a minute for company. */
const lane = (maxDelayMs: number) =>
  z.strictObject({ maxDelay: durationMs(1, 60 * SECOND).default(maxDelayMs) }).prefault({});

/** Of all lanes together. */
const spool = z
  .strictObject({
    size: byteSize(MIB).default(576 * MIB),
    encrypt: z.boolean().default(false),
    keyFile: file.optional(),
  })
  .prefault({});

const scanClass = z
  .union([
    durationMs(10, DAY),
    z.strictObject({ interval: durationMs(10, DAY), offset: durationMs(0, DAY).optional() }),
  ])
  .transform((entry) => (typeof entry === 'number' ? { interval: entry, offset: undefined } : entry))
  .superRefine(({ interval, offset }, context) => {
    if (offset === undefined || offset < interval) return;
    context.issues.push({
      code: 'custom',
      message: 'the offset is not below the interval',
      input: offset,
      path: ['offset'],
      params: { hint: 'an offset shifts the scans within the interval' },
    });
  })
  .describe('an interval such as 1s, or a map with interval and offset');

const scanClasses = z
  .record(name, scanClass)
  .describe('names and intervals of the scan classes, such as `fast: 100ms`');

const compressionClasses = z
  .record(name, compressionClassSchema)
  .describe('names of compression classes, and what each says of deviations and intervals');

const tags = z
  .union([file, z.array(z.union([file, inlineTagSchema]))])
  .transform((entry) => (typeof entry === 'string' ? [entry] : entry))
  .describe('the CSV file of the tag list, or a list of such files and of tags');

const alarms = z
  .union([file, z.array(z.union([file, alarmSchema]))])
  .transform((entry) => (typeof entry === 'string' ? [entry] : entry))
  .describe('the YAML file of a list of alarms, or a list of such files and of alarms');

/** What a device of any protocol may say of itself. */
const device = {
  name,
  line: name.optional(),
  ...mediumShape,
  ...limitsShape,
  timeout: durationMs(10, 60 * SECOND).default(SECOND),
  tags,
};

const line = z.strictObject({ name, ...mediumShape, ...lineLimitsShape });

/** The keys of a device, those of its driver among them. */
function deviceOf({ manifest, options }: AnyDriver) {
  const protocol = z.literal(manifest.protocol).describe('the language of the device, such as modbus-tcp');
  return z.strictObject({ ...options.shape, ...device, protocol });
}

/** The schema of a gateway whose devices speak the protocols of `drivers`; `others` are known and not in use. */
export function gatewaySchemaOf(drivers: readonly AnyDriver[], others: readonly string[]) {
  const unused = others.map((protocol) => z.strictObject({ ...device, protocol: z.literal(protocol) }));
  const [first, ...rest] = [...drivers.map(deviceOf), ...unused];
  return z.strictObject({
    gateway: gatewayName,
    dataDirectory: file,
    policy: file.optional(),
    server: z
      .strictObject({
        host: host(),
        port: port(),
        serverName: host().optional(),
        certificates: file,
        diode: diodeSchema.optional(),
      })
      .superRefine(checkDiodeAddress),
    spool,
    lanes: z.strictObject({ operational: lane(20), analytical: lane(100), audit: lane(20) }).prefault({}),
    drivers: z.array(z.string().min(1)).default([]).describe('npm packages that bring drivers of others'),
    scanClasses,
    compressionClasses: compressionClasses.default({}),
    lines: z.array(line).default([]),
    alarms: alarms.optional(),
    health: z.array(healthSchema).optional().describe('learned models, and the tags that each judges'),
    devices: z.array(z.discriminatedUnion('protocol', [first, ...rest])).min(1),
  });
}

const ipAddress = z.union([z.ipv4(), z.ipv6()]);

/** Behind a diode nobody can be asked what address a name stands for. */
function checkDiodeAddress(server: { host: string; diode?: unknown }, context: z.RefinementCtx): void {
  if (server.diode === undefined || ipAddress.safeParse(server.host).success) return;
  context.issues.push({
    code: 'custom',
    message: `${JSON.stringify(server.host)} is not an IP address`,
    input: server.host,
    path: ['host'],
    params: { hint: 'behind a diode nobody answers what address a name stands for, so give the address' },
  });
}

const draftDevice = z.looseObject({
  name: name.optional().catch(undefined),
  protocol: z.string().optional().catch(undefined),
  tags: tags.optional().catch(undefined),
});

/**
 * As much of a document as can be understood where the whole is not right, so that the tag lists are checked in the same
 * go: what is wrong becomes `undefined`.
 */
export const draftSchema = z.object({
  gateway: name.optional().catch(undefined),
  policy: file.optional().catch(undefined),
  drivers: z.array(z.string()).catch([]),
  scanClasses: scanClasses.optional().catch(undefined),
  compressionClasses: compressionClasses.default({}).optional().catch(undefined),
  alarms: alarms.optional().catch(undefined),
  health: z.array(healthSchema.optional().catch(undefined)).optional().catch(undefined),
  devices: z.array(draftDevice.optional().catch(undefined)).catch([]),
});
