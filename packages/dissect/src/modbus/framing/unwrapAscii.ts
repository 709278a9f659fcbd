/**
 * The ASCII framing of a serial line: two characters for each byte.
 *
 *     +---+---------+-----...-+-----+----+----+
 *     | : | address | PDU     | LRC | CR | LF |
 *     +---+---------+-----...-+-----+----+----+
 *           0-9 and A-F, no others
 *
 * Source: Modbus over Serial Line V1.02, 2.5.2 and 6.2.1 (LRC). The line feed is the delimiter that every device begins
 * with; none other is understood, and to set another is a write.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ModbusPdu } from '../modbusPdu.ts';
import { MAX_PDU_BYTES, type ModbusAdu } from './modbusAdu.ts';

const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;
/** Colon, CR and LF. */
const MARKS = 3;
/** Address, function code and LRC. */
const MIN_CHARACTERS = MARKS + 2 * 3;
const MAX_CHARACTERS = MARKS + 2 * (1 + MAX_PDU_BYTES + 1);

const malformed = (detail: string) => failure('frame.malformed', detail);

/** Faults: `frame.truncated` where the end is not there, `frame.malformed`. */
export function unwrapAscii(characters: Uint8Array): Result<ModbusAdu> {
  const { length } = characters;
  if (length > 0 && characters[0] !== COLON) return malformed(`character ${characters[0]} where a colon belongs`);
  if (length > MAX_CHARACTERS) return malformed(`${length} characters where ${MAX_CHARACTERS} are allowed`);
  if (length < MIN_CHARACTERS || characters[length - 2] !== CR || characters[length - 1] !== LF) {
    return failure('frame.truncated', `${length} characters without the end of a frame`);
  }
  if (length % 2 === 0) return malformed(`${length - MARKS} digits, which are not whole bytes`);
  const bytes = new Uint8Array((length - MARKS) / 2);
  let sum = 0;
  for (let index = 0; index < bytes.length; index++) {
    const at = 1 + 2 * index;
    const byte = (digitOf(characters[at]) << 4) | digitOf(characters[at + 1]);
    if (byte < 0) return malformed(`no hexadecimal digits at ${at}`);
    bytes[index] = byte;
    sum += byte;
  }
  // 6.2.1: the LRC is the two's complement of the sum of the other bytes.
  if ((sum & 0xff) !== 0) return malformed(`LRC off by ${sum & 0xff}`);
  return success({ transaction: undefined, station: bytes[0], pdu: new ModbusPdu(bytes, 1, bytes.length - 1) });
}

/** -1 for a character that is no digit: its bits survive in every byte that it is made part of. */
function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  return character >= 0x41 && character <= 0x46 ? character - 0x41 + 10 : -1;
}
