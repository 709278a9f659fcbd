/** Modbus in its three framings: the unit and the number of the question, the length, and CRC or LRC. */

import type { Random } from '../random.ts';
import type { Repair } from './repair.ts';

const MBAP_BYTES = 7;
const MAX_PDU_BYTES = 253;
const MAX_FIFO_REGISTERS = 31;
const ANY_UNIT = 1;

/** Unit and PDU as they were asked. */
interface Asked {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

export const repairModbusTcp: Repair = (frame, random, request) => {
  const asked = request && { unit: request[6], pdu: request.subarray(MBAP_BYTES) };
  const pdu = answerTo(asked, frame.subarray(MBAP_BYTES), random);
  const length = pdu.length + 1;
  const [high, low] = request ?? frame;
  return Uint8Array.of(high, low, 0, 0, length >> 8, length, asked?.unit ?? frame[6] ?? ANY_UNIT, ...pdu);
};

export const repairModbusRtu: Repair = (frame, random, request) => {
  const asked = request && { unit: request[0], pdu: request.subarray(1, -2) };
  const said = [asked?.unit ?? frame[0] ?? ANY_UNIT, ...answerTo(asked, frame.subarray(1, -2), random)];
  const crc = crc16(said);
  return Uint8Array.of(...said, crc, crc >> 8);
};

/** The bytes of the frame are what the characters stand for. */
export const repairModbusAscii: Repair = (frame, random, request) => {
  const sent = request && Buffer.from(Buffer.from(request).toString('latin1').slice(1, -2), 'hex');
  const asked = sent && { unit: sent[0], pdu: sent.subarray(1, -1) };
  const said = [asked?.unit ?? frame[0] ?? ANY_UNIT, ...answerTo(asked, frame.subarray(1, -2), random)];
  const lrc = -said.reduce((sum, byte) => sum + byte, 0) & 0xff;
  const characters = Buffer.from([...said, lrc])
    .toString('hex')
    .toUpperCase();
  return Buffer.from(`:${characters}\r\n`, 'latin1');
};

/** Now and then an answer of the form that was asked for, so that any bytes at all become values. */
function answerTo(asked: Asked | undefined, mutated: Buffer, random: Random): Uint8Array {
  const pdu = mutated.subarray(0, MAX_PDU_BYTES);
  if (!asked || random.oneIn(3)) return pdu;
  const code = asked.pdu[0];
  if (random.oneIn(8)) return Uint8Array.of(code | 0x80, random.below(16));
  switch (code) {
    case 20:
      return Uint8Array.of(code, dataBytes(asked) + 2, dataBytes(asked) + 1, 6, ...filled(dataBytes(asked), mutated));
    case 24: {
      const registers = random.below(MAX_FIFO_REGISTERS + 1);
      return Uint8Array.of(code, 0, registers * 2 + 2, 0, registers, ...filled(registers * 2, mutated));
    }
    case 43:
      return Uint8Array.of(code, 14, asked.pdu[2] ?? 1, ...pdu.subarray(3));
    default:
      return Uint8Array.of(code, dataBytes(asked), ...filled(dataBytes(asked), mutated));
  }
}

/** How many bytes of data were asked for. */
function dataBytes({ pdu }: Asked): number {
  const count = (pdu[pdu.length - 2] << 8) | pdu[pdu.length - 1];
  return Math.min(pdu[0] <= 2 ? Math.ceil(count / 8) : count * 2, 248);
}

function filled(length: number, from: Uint8Array): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (from.length === 0 ? 0xff : from[index % from.length]));
}

/** Modbus over Serial Line V1.02, 6.2.2. */
function crc16(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
