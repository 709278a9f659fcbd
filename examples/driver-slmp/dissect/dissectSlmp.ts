/**
 * What an SLMP request would do: read by the guard before it is sent. Shares no code with the rest of the driver.
 *
 *     0    2        3        4       6          7       9      11       13          15
 *     50 00 network  station  module  multidrop  length  timer  command  subcommand  data
 *
 * Numbers have their lower byte first; the length counts from the timer on. Source: MELSEC Communication Protocol Reference
 * Manual SH(NA)-080008, 5.2, 5.3, and the commands of chapter 7.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Effect, OutboundRequest } from '@tidegate/dissect/outboundRequest.ts';

/** Every command of the manual; of those that only read, all but `read` are known here so that they can be named. */
const COMMANDS: ReadonlyMap<number, readonly [service: string, effect: Effect]> = new Map([
  [0x0101, ['read type name', 'read']],
  [0x0401, ['read', 'read']],
  [0x0403, ['read random', 'read']],
  [0x0406, ['read block', 'read']],
  [0x041a, ['array label read', 'read']],
  [0x041c, ['label read random', 'read']],
  [0x0601, ['extend unit read', 'read']],
  [0x0613, ['memory read', 'read']],
  [0x0619, ['self test', 'read']],
  [0x0801, ['entry monitor device', 'session']],
  [0x0802, ['execute monitor', 'read']],
  [0x0e30, ['node search', 'read']],
  [0x0e31, ['IP address set', 'write']],
  [0x1001, ['remote run', 'write']],
  [0x1002, ['remote stop', 'write']],
  [0x1003, ['remote pause', 'write']],
  [0x1005, ['remote latch clear', 'write']],
  [0x1006, ['remote reset', 'write']],
  [0x1401, ['write', 'write']],
  [0x1402, ['write random', 'write']],
  [0x1406, ['write block', 'write']],
  [0x141a, ['array label write', 'write']],
  [0x141b, ['label write random', 'write']],
  [0x1601, ['extend unit write', 'write']],
  [0x1613, ['memory write', 'write']],
  [0x1617, ['clear error', 'write']],
  [0x1630, ['remote password unlock', 'write']],
  [0x1631, ['remote password lock', 'write']],
  [0x1810, ['read directory', 'read']],
  [0x1811, ['search directory', 'read']],
  [0x1820, ['new file', 'write']],
  [0x1822, ['delete file', 'write']],
  [0x1824, ['copy file', 'write']],
  [0x1825, ['change file state', 'write']],
  [0x1826, ['change file date', 'write']],
  [0x1827, ['open file', 'write']],
  [0x1828, ['read file', 'read']],
  [0x1829, ['write file', 'write']],
  [0x182a, ['close file', 'write']],
] as const);

const DATA = 15;
/** What the length counts in front of the data: timer, command, subcommand. */
const COUNTED_HEAD = 6;
/** The data of a read: number (3), code, words (2). */
const READ_BYTES = 6;
/** The most words in one read, and the numbers that memory is counted by (5.2). */
const MOST_WORDS = 960;
const NUMBERS = 0x1_00_00_00;

/** Reads exactly one request. Faults: `frame.truncated`, `frame.malformed`. */
export function dissectSlmp(frame: Uint8Array): Result<OutboundRequest> {
  if (frame.length < DATA) return failure('frame.truncated', `${frame.length} bytes; a request has at least ${DATA}`);
  if (frame[0] !== 0x50 || frame[1] !== 0) return malformed('not the beginning of a 3E request');
  const length = word(frame, 7);
  const actual = frame.length - DATA + COUNTED_HEAD;
  if (length !== actual) return malformed(`the length says ${length}, and ${actual} bytes follow`);
  const station = frame[2] * 256 + frame[3];
  // Behind the CPU of a station lie modules and lines of their own, which nobody can configure here.
  if (word(frame, 4) !== 0x03ff || frame[6] !== 0)
    return success({ service: 'beyond the CPU', effect: 'unknown', station });
  const code = word(frame, 11);
  const [service, effect] = COMMANDS.get(code) ?? [`command ${code.toString(16).padStart(4, '0')}`, 'unknown' as const];
  const defect = service === 'read' ? defectOfRead(frame) : undefined;
  return defect === undefined ? success({ service, effect, station }) : malformed(defect);
}

function defectOfRead(frame: Uint8Array): string | undefined {
  if (word(frame, 13) !== 0) return 'a read in other units than words';
  if (frame.length - DATA !== READ_BYTES) return `a read with ${frame.length - DATA} bytes of data, not ${READ_BYTES}`;
  const words = word(frame, DATA + 4);
  if (words < 1 || words > MOST_WORDS) return `a read of ${words} words`;
  const number = word(frame, DATA) + frame[DATA + 2] * 65_536;
  return number + words > NUMBERS ? 'a read beyond the last number' : undefined;
}

function word(frame: Uint8Array, at: number): number {
  return frame[at] + frame[at + 1] * 256;
}

function malformed(detail: string) {
  return failure('frame.malformed', detail);
}
