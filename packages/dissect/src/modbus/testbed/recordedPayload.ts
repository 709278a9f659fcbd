/** What other people's devices said, and what tshark made of it: the tables in `vectors`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mbapFrameLength } from '../framing/unwrapMbap.ts';
import type { ModbusDirection, ModbusFraming } from '../modbusFrame.ts';

const VECTORS = join(import.meta.dirname, '../vectors');
const FRAMING_OF_PORT: Readonly<Record<string, ModbusFraming>> = {
  502: 'tcp',
  15512: 'tcp',
  15513: 'tcp',
  15514: 'rtu',
  15516: 'ascii',
};

/** One TCP payload. */
export interface RecordedPayload {
  /** Table and number in the recording. */
  readonly name: string;
  readonly serverPort: number;
  readonly direction: ModbusDirection;
  readonly framing: ModbusFraming;
  readonly frames: readonly RecordedFrame[];
}

export interface RecordedFrame {
  readonly bytes: Uint8Array;
  /** The values that tshark printed, by field; a field that it did not print is absent. */
  readonly tshark: Readonly<Record<string, readonly string[]>>;
}

export const RECORDINGS: readonly string[] = readdirSync(VECTORS).filter((file) => file.endsWith('.tsv'));

export function readRecording(file: string): RecordedPayload[] {
  const [, header, ...lines] = readFileSync(join(VECTORS, file), 'utf8').trimEnd().split('\n');
  const fields = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return readPayload(file, Object.fromEntries(fields.map((field, column) => [field, cells[column]])));
  });
}

/** Payloads without any expectation. */
export function readSeeds(): Uint8Array[] {
  return readFileSync(join(VECTORS, 'seeds.hex'), 'utf8').trimEnd().split('\n').map(bytesOfHex);
}

export function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
}

function readPayload(file: string, cells: Readonly<Record<string, string>>): RecordedPayload {
  const asks = cells['tcp.dstport'] in FRAMING_OF_PORT;
  const port = cells[asks ? 'tcp.dstport' : 'tcp.srcport'];
  const framing = FRAMING_OF_PORT[port];
  const payload = bytesOfHex(cells['tcp.payload']);
  const frames = framing === 'tcp' ? cutMbap(payload) : [payload];
  const printed = Object.entries(cells).filter(([field, text]) => /^(modbus|mbtcp|mbrtu)\./.test(field) && text !== '');
  return {
    name: `${file} ${cells['frame.number']}`,
    serverPort: Number(port),
    direction: asks ? 'request' : 'response',
    framing,
    frames: frames.map((bytes, index) => ({
      bytes,
      tshark: Object.fromEntries(printed.map(([field, text]) => [field, share(text.split(';'), frames.length, index)])),
    })),
  };
}

/** Cuts a payload into its frames, as a watcher of a stream does; what is left at the end counts as one. */
function cutMbap(payload: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += frames.at(-1)!.length) {
    const length = mbapFrameLength(payload.subarray(at));
    frames.push(payload.subarray(at, length.ok ? at + length.value : undefined));
  }
  return frames;
}

/** tshark prints the values of all frames of a payload in one list; where there are several, they are of one kind. */
function share(values: readonly string[], frames: number, index: number): readonly string[] {
  const each = values.length / frames;
  return values.slice(index * each, (index + 1) * each);
}
