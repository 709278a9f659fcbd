/**
 * What a request of a master does to the outstation that obeys it, by its function code and its objects.
 *
 * A service that belongs to the conversation is one only in its harmless form; in every other form it is feared as a write.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { OutboundRequest } from '../outboundRequest.ts';
import type { Dnp3Fragment } from './dissectDnp3Fragment.ts';
import type { Dnp3ObjectHeader } from './walkDnp3Objects.ts';

export type Dnp3Service = Pick<OutboundRequest, 'service' | 'effect'>;

type Objects = readonly Dnp3ObjectHeader[];

/** Qualifier codes: a span of one-octet indexes, every point, a count of one octet. */
const SPAN = 0x00;
const ALL = 0x06;
const COUNT = 0x07;

/** DEVICE_RESTART among the internal indications: IEEE 1815-2012, 4.2.2, IIN1.7. */
const DEVICE_RESTART = 7;

const HARMLESS_FORMS: Readonly<Record<string, (objects: Objects) => boolean>> = {
  confirm: (objects) => objects.length === 0,
  'delay measurement': (objects) => objects.length === 0,
  'record current time': (objects) => objects.length === 0,
  'enable unsolicited': areEventClasses,
  'disable unsolicited': areEventClasses,
  'immediate freeze': areCounters,
};

/** Of a fragment that is a request. Fault: `frame.malformed`, for what contradicts the standard in objects or header. */
export function dnp3Service(fragment: Dnp3Fragment): Result<Dnp3Service> {
  const known = fragment.function;
  if (!known) return success({ service: `function code ${fragment.functionCode}`, effect: 'unknown' });
  if (fragment.fault) return { ok: false, fault: fragment.fault };
  const { objects } = fragment;
  if (known.name === 'read') return readService(objects);
  if (known.name === 'write') return success(writeService(objects));
  const harmless = HARMLESS_FORMS[known.name]?.(objects) ?? false;
  return success({ service: known.name, effect: harmless ? known.effect : 'write' });
}

/**
 * Nothing but headers and ranges: a list of indexes, a file block or an authentication has no place in our reads. Nor have
 * addresses of memory (qualifiers 3 to 5), of which parsers disagree how long they are and thus what stands behind them.
 */
function readService(objects: Objects): Result<Dnp3Service> {
  if (objects.length === 0) return failure('frame.malformed', 'a read without an object header');
  const strange = objects.find((header) => header.prefix.kind !== 'none' || header.data.length > 0);
  if (strange) {
    return failure('frame.malformed', `a read of g${strange.group}v${strange.variation} with data behind its range`);
  }
  const memory = objects.find(({ range }) => range.kind === 'virtual');
  if (memory)
    return failure('frame.malformed', `a read of g${memory.group}v${memory.variation} by addresses of memory`);
  const described = objects.every((header) => header.object !== undefined);
  return success({ service: 'read', effect: described ? 'read' : 'unknown' });
}

function writeService(objects: Objects): Dnp3Service {
  const [only] = objects;
  if (objects.length !== 1) return { service: 'write', effect: 'write' };
  if (clearsRestart(only)) return { service: 'clear restart', effect: 'session' };
  if (setsTime(only)) return { service: 'write time', effect: 'session' };
  return { service: 'write', effect: 'write' };
}

function clearsRestart({ group, variation, qualifier, first, last, data }: Dnp3ObjectHeader): boolean {
  const namesRestart = group === 80 && variation === 1 && qualifier === SPAN;
  return namesRestart && first === DEVICE_RESTART && last === DEVICE_RESTART && data[0] === 0;
}

/** Absolute time, or the time recorded last (LAN procedure): IEEE 1815-2012, 10. */
function setsTime({ group, variation, qualifier, count }: Dnp3ObjectHeader): boolean {
  return group === 50 && (variation === 1 || variation === 3) && qualifier === COUNT && count === 1;
}

function areEventClasses(objects: Objects): boolean {
  const isEventClass = ({ group, variation, qualifier }: Dnp3ObjectHeader) =>
    group === 60 && variation >= 2 && variation <= 4 && qualifier === ALL;
  return objects.length > 0 && objects.every(isEventClass);
}

/** Counters are frozen by their group in variation 0, all or a span of them; frozen analogs are not ours to ask for. */
function areCounters(objects: Objects): boolean {
  const isCounter = ({ group, variation, prefix, range }: Dnp3ObjectHeader) =>
    group === 20 && variation === 0 && prefix.kind === 'none' && (range.kind === 'span' || range.kind === 'all');
  return objects.length > 0 && objects.every(isCounter);
}
