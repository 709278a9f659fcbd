/** The parts that requests are made of, as OPC 10000-6, 5.2.2 lays them, and what a reader of ours may put into them. */

import type { UaCursor } from './uaCursor.ts';

/** An identifier that is a number in namespace 0, which all that the standard names have; otherwise `undefined`. */
export function nodeId(cursor: UaCursor): number | undefined {
  const kind = cursor.u8();
  switch (kind) {
    case 0:
      return cursor.u8();
    case 1: {
      const namespace = cursor.u8();
      const id = cursor.u16();
      return namespace === 0 ? id : undefined;
    }
    case 2: {
      const namespace = cursor.u16();
      const id = cursor.u32();
      return namespace === 0 ? id : undefined;
    }
    case 3:
    case 5:
      cursor.pass(2);
      cursor.bytes();
      return undefined;
    case 4:
      cursor.pass(18);
      return undefined;
    default:
      cursor.reject(`a node id of kind ${kind}`);
      return undefined;
  }
}

export function qualifiedName(cursor: UaCursor): void {
  cursor.u16();
  cursor.bytes();
}

export function localizedText(cursor: UaCursor): void {
  const mask = cursor.u8();
  if (mask > 3) cursor.reject(`a localized text with mask ${mask}`);
  if (mask & 1) cursor.bytes();
  if (mask & 2) cursor.bytes();
}

/** Authentication token, time, handle, diagnostics, audit id, time limit, and nothing further (OPC 10000-4, 7.33). */
export function requestHeader(cursor: UaCursor): void {
  nodeId(cursor);
  cursor.pass(16);
  cursor.bytes();
  cursor.pass(4);
  if (extensionType(cursor) !== 0) cursor.reject('an additional header');
}

/** The type of an extension object, whose body is behind the cursor then, with its length; 0 where there is none. */
export function extensionType(cursor: UaCursor): number | undefined {
  const type = nodeId(cursor);
  const encoding = cursor.u8();
  if (encoding === 0 && type === 0) return 0;
  if (encoding !== 1) cursor.reject(`an extension object in encoding ${encoding}`);
  return type;
}

/** The body of an extension object, which must be exactly as long as it says. */
export function extensionBody(cursor: UaCursor, body: () => void): void {
  const length = cursor.u32();
  const end = cursor.at + length;
  body();
  if (cursor.defect === undefined && cursor.at !== end) cursor.reject('an extension object of another length');
}

export function signatureData(cursor: UaCursor): void {
  cursor.bytes();
  cursor.bytes();
}

const VALUE = 13;
const EVENT_NOTIFIER = 12;
const DATA_CHANGE_FILTER = 724;
const EVENT_FILTER = 727;

/** Node, attribute, range of an array, encoding (OPC 10000-4, 7.29). */
export function readValueId(cursor: UaCursor): number {
  nodeId(cursor);
  const attribute = cursor.u32();
  cursor.bytes();
  qualifiedName(cursor);
  return attribute;
}

/** What is reported of a node: its value, or its events (OPC 10000-4, 5.13.2 and 7.22). */
export function monitoredItem(cursor: UaCursor): void {
  const attribute = readValueId(cursor);
  if (attribute !== VALUE && attribute !== EVENT_NOTIFIER) cursor.reject(`monitors attribute ${attribute}`);
  const mode = cursor.u32();
  if (mode > 2) cursor.reject(`monitoring mode ${mode}`);
  cursor.pass(12);
  const filter = extensionType(cursor);
  if (filter === DATA_CHANGE_FILTER) extensionBody(cursor, () => cursor.pass(16));
  else if (filter === EVENT_FILTER) extensionBody(cursor, () => eventFilter(cursor));
  else if (filter !== 0) cursor.reject(`a filter of type ${filter}`);
  cursor.pass(5);
}

/** What is told of each event; all events are told, so there is no condition. */
function eventFilter(cursor: UaCursor): void {
  cursor.array(1, () => {
    nodeId(cursor);
    cursor.array(6, () => qualifiedName(cursor));
    cursor.pass(4);
    cursor.bytes();
  });
  if (cursor.array(1, () => cursor.reject('an event filter with conditions')) > 0) return;
}

export function applicationDescription(cursor: UaCursor): void {
  cursor.bytes();
  cursor.bytes();
  localizedText(cursor);
  cursor.pass(4);
  cursor.bytes();
  cursor.bytes();
  cursor.array(4, () => cursor.bytes());
}
