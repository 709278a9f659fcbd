/**
 * A process that answers every question for an address over UDP with one and the same (RFC 1035).
 *
 * Arguments: the address to listen at, and the address to answer with.
 */

import { createSocket } from 'node:dgram';

const HEADER_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
/** Nobody keeps an answer: the next question comes when the server is dialled next. */
const TTL_S = 0;

const [listenAt, answerWith] = process.argv.slice(2);
const socket = createSocket('udp4');

/** Where the first question ends: a name of labels, its type and its class. */
function questionEnd(query: Buffer): number {
  let at = HEADER_BYTES;
  while (at < query.length && query[at] !== 0) at += 1 + query[at];
  return at + 5;
}

socket.on('message', (query, { port, address }) => {
  const end = questionEnd(query);
  if (query.length < end) return;
  const isAddress = query.readUInt16BE(end - 4) === TYPE_A;
  const header = Buffer.alloc(HEADER_BYTES);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(isAddress ? 1 : 0, 6);
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_S, 6);
  record.writeUInt16BE(4, 10);
  record.set(answerWith.split('.').map(Number), 12);
  const parts = [header, query.subarray(HEADER_BYTES, end), ...(isAddress ? [record] : [])];
  socket.send(Buffer.concat(parts), port, address);
});
socket.bind(53, listenAt, () => process.send?.({ kind: 'ready' }));
