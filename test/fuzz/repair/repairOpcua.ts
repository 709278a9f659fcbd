/** OPC UA: an answer of the right kind to what was asked, whose contents are any; or the frame with a header that fits. */

import type { AnswerPlace, ServerValue } from '@tidegate/edge/acquisition/drivers/opcua/testbed/serverAnswer.ts';
import * as server from '@tidegate/edge/acquisition/drivers/opcua/testbed/serverAnswer.ts';
import type { Random } from '../random.ts';
import type { Repair } from './repair.ts';

const HEADER_BYTES = 24;
const SIZE_AT = 4;
const CHANNEL_AT = 8;
const TOKEN_AT = 12;
const SEQUENCE_AT = 16;
const REQUEST_AT = 20;
const TYPE_AT = 26;
const CHANNEL = 5;
const SUBSCRIPTION = 3;
const MAX_VALUES = 16;
/** In the name of every node of the subject. */
const NODE = 'fuzz-';
/** Behind the header of an answer. */
const CONTENTS_AT = 48;

/** What a server counts: its chunks since the channel was opened, its reports, and the request that it answered last. */
const counted = { sequence: 0, report: 0, answered: 0, publish: 0 };

export const repairOpcua: Repair = (frame, random, request) => {
  if (!request || random.oneIn(40)) return headed(frame, request);
  const answer = Buffer.from(answerTo(frame, random, Buffer.from(request)));
  // Now and then the contents are those of the frame.
  if (random.oneIn(30)) answer.set(frame.subarray(CONTENTS_AT, answer.length), Math.min(CONTENTS_AT, answer.length));
  return answer;
};

function answerTo(frame: Buffer, random: Random, request: Buffer): Uint8Array {
  const kind = request.toString('latin1', 0, 3);
  if (kind === 'HEL') return server.acknowledge();
  const open = kind === 'OPN';
  if (open) counted.sequence = 0;
  const asked = open
    ? request.readUInt32LE(request.indexOf('#None') + 5 + 4 + 4 + 4)
    : request.readUInt32LE(REQUEST_AT);
  const place = (number: number): AnswerPlace => ({
    channel: CHANNEL,
    token: 1,
    sequence: ++counted.sequence,
    request: number,
  });
  if (open) return server.channelOpened(place(asked), 1_000 + random.below(4_000_000));
  const type = request.readUInt16LE(TYPE_AT);
  if (counted.answered === asked && type !== 826) return report(place(counted.publish++), frame, random);
  counted.answered = asked;
  if (random.oneIn(40)) return server.serviceFault(place(asked), 0x8000_0000 + (random.below(0xe0) << 16));
  switch (type) {
    case 461:
      return server.sessionCreated(place(asked));
    case 467:
      return server.sessionActivated(place(asked));
    case 631:
      return nodesIn(request) === 0
        ? server.factsTold(place(asked), ['http://opcfoundation.org/UA/', 'urn:plc'], random.oneIn(4) ? 2 : 0)
        : server.valuesRead(place(asked), values(frame, random, nodesIn(request)));
    case 751:
      return server.itemsCreated(
        place(asked),
        values(frame, random, nodesIn(request)).map(() => (random.oneIn(6) ? 0x8034_0000 : 0)),
      );
    case 787:
      // The publish requests are sent next.
      counted.report = 0;
      counted.publish = asked + 1;
      return server.subscriptionCreated(place(asked), SUBSCRIPTION, 1_000, 1 + random.below(30));
    case 832:
      return server.republished(place(asked), counted.report, reports(frame, random));
    case 847:
      return server.subscriptionsDeleted(place(asked));
    default:
      return report(place(asked), frame, random);
  }
}

function report(place: AnswerPlace, frame: Buffer, random: Random): Uint8Array {
  counted.report += random.oneIn(6) ? 2 : 1;
  return server.published(place, SUBSCRIPTION, counted.report, random.oneIn(5) ? [] : reports(frame, random));
}

function reports(frame: Buffer, random: Random): (readonly [number, ServerValue])[] {
  return values(frame, random).map((value) => [random.below(MAX_VALUES), value] as const);
}

function values(frame: Buffer, random: Random, count = 1 + random.below(4)): ServerValue[] {
  return Array.from({ length: count }, (_, nth) => ({
    double: frame.length >= 8 * (nth + 1) ? frame.readDoubleLE(8 * nth) : nth,
    status: random.oneIn(4) ? random.below(0xffff_ffff) : 0,
    ...(random.oneIn(4) ? {} : { ticks: 134_000_000_000_000_000n + BigInt(random.below(0x7fff_ffff)) * 1_000n }),
  }));
}

/** How many nodes a request names: each has its text in it. */
function nodesIn(request: Buffer): number {
  let count = 0;
  for (let at = request.indexOf(NODE); at >= 0; at = request.indexOf(NODE, at + 1)) count++;
  return count;
}

/** In place: kind, length, channel, and the numbers of chunk and request. */
function headed(frame: Buffer, request: Uint8Array | undefined): Uint8Array {
  if (frame.length < HEADER_BYTES) return frame;
  frame.writeUInt32LE(frame.length, SIZE_AT);
  if (!request || request.length < HEADER_BYTES || frame.toString('latin1', 0, 3) !== 'MSG') return frame;
  frame.writeUInt32LE(CHANNEL, CHANNEL_AT);
  frame.writeUInt32LE(1, TOKEN_AT);
  frame.writeUInt32LE(++counted.sequence, SEQUENCE_AT);
  frame.writeUInt32LE(Buffer.from(request).readUInt32LE(REQUEST_AT), REQUEST_AT);
  return frame;
}
