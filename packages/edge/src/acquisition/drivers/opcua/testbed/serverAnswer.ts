/** The messages of a server, laid out from OPC 10000-6 for scripts and fuzzers: what a well-behaved one would say. */

import { UaWriter } from '../encoding/uaWriter.ts';

/** Where an answer belongs. */
export interface AnswerPlace {
  readonly channel: number;
  readonly token: number;
  /** Of the chunk. */
  readonly sequence: number;
  /** The number of the request that is answered. */
  readonly request: number;
}

export interface ServerValue {
  readonly double: number;
  readonly status?: number;
  /** Ticks of 100 ns since 1601. */
  readonly ticks?: bigint;
}

const NONE = 'http://opcfoundation.org/UA/SecurityPolicy#None';
const ANSWER = {
  openChannel: 449,
  createSession: 464,
  activate: 470,
  close: 476,
  read: 634,
  items: 754,
  subscription: 790,
  publish: 829,
  republish: 835,
  delete: 850,
  fault: 397,
} as const;
const DATA_CHANGE = 811;

export function acknowledge(receiveBytes = 65_536): Uint8Array {
  return sized(new UaWriter().raw(letters('ACKF')).u32(0).u32(0).u32(receiveBytes).u32(receiveBytes).u32(0).u32(0));
}

export function channelOpened(place: AnswerPlace, lifetimeMs = 3_600_000): Uint8Array {
  const writer = new UaWriter()
    .raw(letters('OPNF'))
    .u32(0)
    .u32(place.channel)
    .string(NONE)
    .bytes(undefined)
    .bytes(undefined);
  header(writer.u32(place.sequence).u32(place.request), place, ANSWER.openChannel, 0);
  return sized(writer.u32(0).u32(place.channel).u32(place.token).i64(0n).u32(lifetimeMs).bytes(undefined));
}

export function sessionCreated(place: AnswerPlace, timeoutMs = 60_000): Uint8Array {
  const writer = begin(place, ANSWER.createSession);
  writer.nodeId({ namespace: 1, identifier: 7 }).nodeId({ namespace: 1, identifier: 99 }).f64(timeoutMs);
  writer.bytes(undefined).bytes(undefined).u32(1);
  endpoint(writer);
  return sized(writer.u32(0).string(undefined).bytes(undefined).u32(0));
}

function endpoint(writer: UaWriter): void {
  writer.string('opc.tcp://plc').string('urn:plc').string('urn:plc').u8(0).u32(0);
  writer.string(undefined).string(undefined).u32(0).bytes(undefined).u32(1).string(NONE).u32(1);
  writer.string('anonymous').u32(0).string(undefined).string(undefined).string(undefined).string(undefined).u8(0);
}

export function sessionActivated(place: AnswerPlace): Uint8Array {
  return sized(begin(place, ANSWER.activate).bytes(undefined).u32(0).u32(0));
}

/** Namespaces, and the most nodes in a read and in a call for items. */
export function factsTold(place: AnswerPlace, namespaces: readonly string[], limit: number): Uint8Array {
  const writer = begin(place, ANSWER.read).u32(3).u8(1).u8(0x8c);
  writer.array(namespaces, (uri) => writer.string(uri));
  for (let nth = 0; nth < 2; nth++) writer.u8(1).u8(7).u32(limit);
  return sized(writer.u32(0));
}

export function valuesRead(place: AnswerPlace, values: readonly ServerValue[]): Uint8Array {
  const writer = begin(place, ANSWER.read);
  writer.array(values, (value) => dataValue(writer, value));
  return sized(writer.u32(0));
}

export function subscriptionCreated(place: AnswerPlace, id: number, publishMs: number, keepAlive: number): Uint8Array {
  return sized(
    begin(place, ANSWER.subscription)
      .u32(id)
      .f64(publishMs)
      .u32(3 * keepAlive)
      .u32(keepAlive),
  );
}

export function itemsCreated(place: AnswerPlace, statuses: readonly number[]): Uint8Array {
  const writer = begin(place, ANSWER.items);
  writer.array(statuses, (status) => writer.u32(status).u32(1).f64(100).u32(10).noExtension());
  return sized(writer.u32(0));
}

/** Values by their handles; without any it says that the server is there. */
export function published(
  place: AnswerPlace,
  subscription: number,
  sequence: number,
  values: readonly (readonly [handle: number, value: ServerValue])[],
): Uint8Array {
  const writer = begin(place, ANSWER.publish).u32(subscription).u32(0).u8(0);
  message(writer, sequence, values);
  return sized(writer.u32(0).u32(0));
}

export function republished(
  place: AnswerPlace,
  sequence: number,
  values: readonly (readonly [handle: number, value: ServerValue])[],
): Uint8Array {
  const writer = begin(place, ANSWER.republish);
  message(writer, sequence, values);
  return sized(writer);
}

export function subscriptionsDeleted(place: AnswerPlace): Uint8Array {
  return sized(begin(place, ANSWER.delete).u32(1).u32(0).u32(0));
}

export function serviceFault(place: AnswerPlace, status: number): Uint8Array {
  return sized(begin(place, ANSWER.fault, status));
}

function message(
  writer: UaWriter,
  sequence: number,
  values: readonly (readonly [handle: number, value: ServerValue])[],
): void {
  writer
    .u32(sequence)
    .i64(0n)
    .u32(values.length === 0 ? 0 : 1);
  if (values.length === 0) return;
  writer.extension(DATA_CHANGE, () => {
    writer.array(values, ([handle, value]) => {
      writer.u32(handle);
      dataValue(writer, value);
    });
    writer.u32(0);
  });
}

function dataValue(writer: UaWriter, { double, status = 0, ticks }: ServerValue): void {
  writer
    .u8(1 | 2 | (ticks === undefined ? 0 : 4))
    .u8(11)
    .f64(double)
    .u32(status);
  if (ticks !== undefined) writer.i64(ticks);
}

function begin(place: AnswerPlace, type: number, status = 0): UaWriter {
  const writer = new UaWriter().raw(letters('MSGF')).u32(0).u32(place.channel).u32(place.token);
  return header(writer.u32(place.sequence).u32(place.request), place, type, status);
}

function header(writer: UaWriter, { request }: AnswerPlace, type: number, status: number): UaWriter {
  return writer.nodeId({ namespace: 0, identifier: type }).i64(0n).u32(request).u32(status).u8(0).u32(0).noExtension();
}

function letters(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sized(writer: UaWriter): Uint8Array {
  writer.u32At(4, writer.length);
  return writer.take();
}
