/** Builds link frames for tests, good or bad but for their checks, which are always right. */

import { dnp3Crc } from '../dnp3Crc.ts';

export interface FrameParts {
  readonly control?: number;
  readonly destination?: number;
  readonly source?: number;
}

/** DIR and PRM set, unconfirmed user data. */
const FROM_MASTER = 0xc4;

export function buildFrame(userData: Uint8Array, parts: FrameParts = {}): Uint8Array {
  const { control = FROM_MASTER, destination = 10, source = 1 } = parts;
  const header = [0x05, 0x64, userData.length + 5, control];
  header.push(destination & 0xff, destination >> 8, source & 0xff, source >> 8);
  const blocks = [checked(Uint8Array.from(header))];
  for (let at = 0; at < userData.length; at += 16) blocks.push(checked(userData.subarray(at, at + 16)));
  return Buffer.concat(blocks);
}

/** A whole fragment of a request in one frame; `text` is the fragment in hexadecimal, its control octet included. */
export function buildRequest(text: string, parts: FrameParts = {}): Uint8Array {
  return buildFrame(Buffer.from(`c0${text.replaceAll(' ', '')}`, 'hex'), parts);
}

function checked(block: Uint8Array): Uint8Array {
  const crc = dnp3Crc(block, 0, block.length);
  return Uint8Array.of(...block, crc & 0xff, crc >> 8);
}
