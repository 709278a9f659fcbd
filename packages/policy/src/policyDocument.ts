/** The YAML file of a boundary policy: zones, conduits between them, and what may cross each. Nothing else crosses. */

import { port } from '@tidegate/config/fields.ts';
import { PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import { tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';
import { z } from 'zod';

/** From the most trusted to the least: data flows in this order only. */
export const ZONE_KINDS = ['ot', 'dmz', 'it'] as const;

/** Where a host stands for a way without a host of its own. */
export const DIODE = 'diode';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const NAME_HINT = 'letters, digits, dots, hyphens and underscores, at most 63, such as north-1';
/** A network interface of Linux (IFNAMSIZ: at most 15 characters). */
const INTERFACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/;
const BOUNDARY_PORT = 7420;
const MAX_RATE = 1e9;
const EVENT_PATTERN = /^[a-z*][a-z.*-]*$/;

const textLike = (pattern: RegExp, noun: string, hint: string) =>
  z
    .string()
    .superRefine((text, context) => {
      if (pattern.test(text)) return;
      const message = `${JSON.stringify(text)} is not ${noun}`;
      context.issues.push({ code: 'custom', message, input: text, params: { hint } });
    })
    .describe(hint);

const name = textLike(NAME, 'a name', NAME_HINT);

const address = z
  .union([z.ipv4(), z.ipv6()])
  .describe('an IPv4 or IPv6 address such as 192.0.2.10, because a firewall knows no names');

const network = z
  .string()
  .refine((text) => z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(text).success)
  .describe('an address or a network, such as 192.0.2.10 or 192.0.2.0/24');

const host = z
  .union([
    address,
    z.strictObject({
      address,
      diode: textLike(INTERFACE, 'an interface', 'such as enp3s0').optional(),
      listen: z.array(port()).min(1).optional().describe('the ports at which devices call in, such as [20000]'),
    }),
  ])
  .transform((entry) => (typeof entry === 'string' ? { address: entry, diode: undefined, listen: undefined } : entry))
  .describe(
    'an address such as 192.0.2.10, or a map with `address`, `diode`, the interface at the diode, and `listen`',
  );

const hosts = z.record(name, host).default({}).describe('names and addresses, such as `north-1: 192.0.2.10`');

const securityLevel = z.int().min(0).max(4).describe('a security level of IEC 62443 from 0 to 4');

const zone = z.strictObject({
  name,
  kind: z.enum(ZONE_KINDS),
  securityLevel,
  addresses: z.array(network).default([]),
  gateways: hosts,
  relays: hosts,
  servers: hosts,
});

const tagPattern = z
  .string()
  .superRefine((text, context) => {
    const defect = tagPatternDefect(text);
    if (defect === undefined) return;
    const params = { hint: 'such as acme/north/** or acme/*/pump-*/flow' };
    context.issues.push({ code: 'custom', message: `${JSON.stringify(text)} ${defect}`, input: text, params });
  })
  .describe('a pattern of tag paths such as acme/north/** or acme/*/pump-*/flow');

const devicePattern = textLike(/^[^/]+$/, 'a pattern of device names', 'such as * or plc-*');
const alarmPattern = textLike(
  /^[^/]+$/,
  'a pattern of alarm names',
  'such as * or acme.north.*: dots stand for the slashes of the name',
);
const eventPattern = textLike(EVENT_PATTERN, 'a pattern of event kinds', 'such as * or guard.* or device.lost');

const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).min(1).optional();

export const SUBJECTS = ['tags', 'devices', 'events', 'alarms'] as const;

const flow = z
  .strictObject({
    name,
    tags: listOf(tagPattern),
    devices: listOf(devicePattern),
    events: listOf(eventPattern),
    alarms: listOf(alarmPattern),
    lane: z.enum(PLANT_LANES).optional(),
    maxRate: z.number().positive().max(MAX_RATE).optional().describe('samples per second of each gateway'),
    classification: z.string().min(1).optional(),
    purpose: z.string().min(1).describe('what it is needed for, in a few words'),
  })
  .superRefine((entry, context) => {
    const said = SUBJECTS.filter((subject) => entry[subject] !== undefined);
    const refuse = (message: string, hint: string, path: string[] = []) =>
      context.issues.push({ code: 'custom', message, input: entry, path, params: { hint } });
    if (said.length === 0)
      refuse('does not say what may cross', 'tags, devices, events or alarms, such as `events: ["*"]`');
    if (said.length > 1) refuse(`has ${said.join(' and ')}`, 'a flow has one of them; make two flows', [said[1]]);
    const audited = entry.events ? 'events' : 'alarms';
    if (entry[audited] && entry.lane)
      refuse(`${audited} are in the lane audit, always`, 'leave the lane out', ['lane']);
  });

const conduit = z.strictObject({
  name,
  from: z.string().describe('the name of a zone'),
  to: z.string().describe('the name of a zone'),
  via: z.string().optional().describe('the name of a relay, or diode'),
  port: port().default(BOUNDARY_PORT),
  fetchPort: port().optional().describe('the port of the relay at which the server fetches, such as 7421'),
  securityLevel,
  flows: z.array(flow).default([]),
});

export const policySchema = z.strictObject({
  classifications: z.array(z.string().min(1)).default([]),
  zones: z.array(zone).min(1),
  conduits: z.array(conduit).default([]),
});

export type PolicyDocument = z.output<typeof policySchema>;
export type ZoneEntry = PolicyDocument['zones'][number];
export type ConduitEntry = PolicyDocument['conduits'][number];
export type FlowEntry = ConduitEntry['flows'][number];
