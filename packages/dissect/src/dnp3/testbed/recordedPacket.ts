/** Packets with link frames and what tshark printed of them: from our vectors, or from the captures that they were made of. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TSHARK_COLUMNS, type TsharkColumn } from './asTshark.ts';
import { dnp3Frames } from './dnp3Frames.ts';
import { readPcap } from './readPcap.ts';

export interface RecordedPacket {
  readonly recording: string;
  readonly packet: number;
  /** The link frames that end in the packet. */
  readonly frames: readonly Uint8Array[];
  /** What tshark printed, times in milliseconds; a column that it left empty is absent. */
  readonly printed: ReadonlyMap<TsharkColumn, string>;
}

/** Reads lines of `recording packet frames`, each followed by `column=text` for what tshark printed. */
export function readVectors(file: string): RecordedPacket[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).map(readVector);
}

function readVector(line: string): RecordedPacket {
  const [recording, packet, frames, ...printed] = line.split(' ');
  return {
    recording,
    packet: Number(packet),
    frames: frames.split(';').map((hex) => Buffer.from(hex, 'hex')),
    printed: new Map(printed.map((text) => text.split('=') as [TsharkColumn, string])),
  };
}

/** Reads one pcap of the folder `captures` and the table of tshark that belongs to it. */
export function readCapture(captures: string, folder: string, recording: string): RecordedPacket[] {
  const frames = dnp3Frames(readPcap(readFileSync(join(captures, folder, recording))));
  const table = readFileSync(join(captures, 'truth', folder, `${recording}.tsv`), 'utf8').trimEnd();
  const [head, ...rows] = table.split('\n').map((line) => line.split('\t'));
  return rows.map((cells) => {
    const packet = Number(cells[0]);
    const cell = (column: TsharkColumn) => inMilliseconds(column, cells[head.indexOf(`dnp3.${column}`)] ?? '');
    const columns = TSHARK_COLUMNS.map((column) => [column, cell(column)] as const);
    return {
      recording,
      packet,
      frames: frames.filter((frame) => frame.packet === packet).map((frame) => frame.bytes),
      printed: new Map(columns.filter(([, text]) => text !== '')),
    };
  });
}

/** tshark prints `Oct 11, 2004 09:39:01.483000000 UTC` and seconds. */
function inMilliseconds(column: TsharkColumn, text: string): string {
  if (text === '') return text;
  const each = (read: (time: string) => number) => text.split(';').map(read).join(';');
  if (column === 'al.timestamp') return each((time) => Date.parse(time.replace(/(\.\d{3})\d*/, '$1')));
  return column === 'al.reltimestamp' ? each((seconds) => Math.round(Number(seconds) * 1000)) : text;
}
