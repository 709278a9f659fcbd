/**
 * Every service of OPC UA by the number of its request, what it does, and the shape of those that a reader has a use for.
 *
 * Sources: OPC 10000-4, 5 (services); OPC 10000-6, Annex A (NodeIds.csv: numbers of the binary encodings).
 */

import type { Effect } from '../outboundRequest.ts';
import type { UaCursor } from './uaCursor.ts';
import {
  applicationDescription,
  extensionBody,
  extensionType,
  monitoredItem,
  nodeId,
  readValueId,
  signatureData,
} from './uaFields.ts';

/** Reads what stands behind the request header, to its end; notes in the cursor what must not be there. */
export type UaBody = (cursor: UaCursor) => void;

export interface UaService {
  readonly service: string;
  readonly effect: Effect;
  /** Absent where a reader has no use for the service: then its request is never whole. */
  readonly body?: UaBody;
}

const ANONYMOUS_TOKEN = 321;

/** By the number of the request; that of the answer is 3 more. */
export const UA_SERVICES: ReadonlyMap<number, UaService> = new Map<number, UaService>([
  [422, row('find servers', 'read')],
  [12208, row('find servers on network', 'read')],
  [428, row('get endpoints', 'read')],
  [437, row('register server', 'write')],
  [12211, row('register server 2', 'write')],
  [446, row('open secure channel', 'session', openSecureChannel)],
  [452, row('close secure channel', 'session', () => {})],
  [461, row('create session', 'session', createSession)],
  [467, row('activate session', 'session', activateSession)],
  [473, row('close session', 'session', (cursor) => cursor.pass(1))],
  [479, row('cancel', 'session')],
  [488, row('add nodes', 'write')],
  [494, row('add references', 'write')],
  [500, row('delete nodes', 'write')],
  [506, row('delete references', 'write')],
  [527, row('browse', 'read', browse)],
  [533, row('browse next', 'read', browseNext)],
  [554, row('translate browse paths', 'read')],
  [560, row('register nodes', 'session')],
  [566, row('unregister nodes', 'session')],
  [615, row('query first', 'read')],
  [621, row('query next', 'read')],
  [631, row('read', 'read', read)],
  [664, row('history read', 'read')],
  [673, row('write', 'write')],
  [700, row('history update', 'write')],
  [712, row('call', 'write')],
  [751, row('create monitored items', 'session', createMonitoredItems)],
  [763, row('modify monitored items', 'session')],
  [769, row('set monitoring mode', 'session')],
  [775, row('set triggering', 'session')],
  [781, row('delete monitored items', 'session')],
  [787, row('create subscription', 'session', (cursor) => cursor.pass(8 + 3 * 4 + 2))],
  [793, row('modify subscription', 'session')],
  [799, row('set publishing mode', 'session')],
  [826, row('publish', 'session', (cursor) => cursor.array(8, () => cursor.pass(8)))],
  [832, row('republish', 'session', (cursor) => cursor.pass(8))],
  [841, row('transfer subscriptions', 'session')],
  [847, row('delete subscriptions', 'session', (cursor) => cursor.array(4, () => cursor.pass(4)))],
]);

/** What a request is; one that no table has is to be feared. */
export function uaServiceOf(number: number | undefined): UaService {
  const known = number === undefined ? undefined : UA_SERVICES.get(number);
  return known ?? { service: `service ${number ?? 'of a vendor'}`, effect: 'unknown' };
}

function row(service: string, effect: Effect, body?: UaBody): UaService {
  return body ? { service, effect, body } : { service, effect };
}

/** Only without security: what is encrypted could not be read here (OPC 10000-4, 5.6.2). */
function openSecureChannel(cursor: UaCursor): void {
  cursor.pass(4);
  const type = cursor.u32();
  if (type > 1) cursor.reject(`a token request of type ${type}`);
  const mode = cursor.u32();
  if (mode !== 1) cursor.reject(`security mode ${mode}`);
  cursor.bytes();
  cursor.pass(4);
}

function createSession(cursor: UaCursor): void {
  applicationDescription(cursor);
  for (let field = 0; field < 3; field++) cursor.bytes();
  cursor.bytes();
  cursor.bytes();
  cursor.pass(8 + 4);
}

/** Nobody logs in over a channel on which everybody can read along. */
function activateSession(cursor: UaCursor): void {
  signatureData(cursor);
  cursor.array(8, () => signatureData(cursor));
  cursor.array(4, () => cursor.bytes());
  const token = extensionType(cursor);
  if (token !== ANONYMOUS_TOKEN) cursor.reject(`an identity of type ${token}`);
  extensionBody(cursor, () => cursor.bytes());
  signatureData(cursor);
}

function read(cursor: UaCursor): void {
  cursor.pass(8 + 4);
  cursor.array(16, () => readValueId(cursor));
}

function createMonitoredItems(cursor: UaCursor): void {
  cursor.pass(4 + 4);
  cursor.array(38, () => monitoredItem(cursor));
}

function browse(cursor: UaCursor): void {
  nodeId(cursor);
  cursor.pass(8 + 4);
  cursor.pass(4);
  cursor.array(17, () => {
    nodeId(cursor);
    cursor.pass(4);
    nodeId(cursor);
    cursor.pass(1 + 4 + 4);
  });
}

function browseNext(cursor: UaCursor): void {
  cursor.pass(1);
  cursor.array(4, () => cursor.bytes());
}
