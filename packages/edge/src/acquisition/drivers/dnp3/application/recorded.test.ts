import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LinkAssembler } from '../link/linkAssembler.ts';
import { FragmentAssembler } from '../transport/fragmentAssembler.ts';
import { decodeResponse, type Response } from './applicationHeader.ts';
import { decodeObjects } from './decodeObjects.ts';
import { POINT_KIND, type PointKind } from './objectSink.ts';
import { RecordingSink } from './testbed/recordingSink.ts';

const VECTORS = join(import.meta.dirname, 'vectors');

/** tshark prints the indices of objects that we skip: attributes, commands echoed, files and data sets. */
const SKIPPED_GROUPS = new Set([0, 12, 41, 70, 85, 86]);
/** A challenge of secure authentication, to which we have no answer. */
const AUTHENTICATION_RESPONSE = 131;

const BINARY: readonly PointKind[] = [POINT_KIND.binary, POINT_KIND.binaryOutput];
const COUNTER: readonly PointKind[] = [POINT_KIND.counter, POINT_KIND.frozenCounter];
const ANALOG: readonly PointKind[] = [POINT_KIND.analog, POINT_KIND.frozenAnalog];

/** Binary values that stand alone, tshark prints; those within flags it does not. */
const PACKED = /^(0x0101|0x0a01)(;(0x0101|0x0a01))*$/;
/** Objects of time, for which tshark prints an index too. */
const TIMES = /0x3[234]/;
/** Common time, not synchronized: tshark 4.0.17 reads nothing behind it. The layout table is tested with it instead. */
const UNREAD = '0x3302';

/** Its segments are numbered 61, 62, 63, 0, 1: tshark 4.0.17 does not put them together. */
const UNASSEMBLED = 'dnp3-opendnp3-class-events-unsol.pcap 194';

type Row = Readonly<Record<string, string>>;

interface Recording {
  readonly name: string;
  readonly rows: Row[];
}

function readRecordings(file: string): Recording[] {
  const [head, ...lines] = readFileSync(join(VECTORS, file), 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  const recordings: Recording[] = [];
  for (const line of lines) {
    if (line.startsWith('#')) recordings.push({ name: line.slice(2).split(':', 1)[0], rows: [] });
    else recordings.at(-1)!.rows.push(Object.fromEntries(line.split('\t').map((cell, at) => [columns[at], cell])));
  }
  return recordings;
}

const RECORDINGS = readdirSync(VECTORS)
  .filter((file) => file.endsWith('.tsv'))
  .flatMap(readRecordings);

const list = (cell: string) => (cell === '' ? [] : cell.split(';'));
const numbers = (cell: string) => list(cell).map(Number);
/** As tshark prints it, `Nov 23, 2026 00:05:13.505000000 UTC`. */
const times = (cell: string) => list(cell).map((text) => Date.parse(text.replace('000000 UTC', ' UTC')));

function expectSameHeader(response: Response, functionCode: number, control: number, iin: number): void {
  expect(response.unsolicited).toBe(functionCode === 130);
  expect(response.sequence).toBe(control & 0x0f);
  expect(response.confirm).toBe((control & 0x20) !== 0);
  expect(response.indications).toMatchObject({
    class1Events: (iin & 0x0200) !== 0,
    class2Events: (iin & 0x0400) !== 0,
    class3Events: (iin & 0x0800) !== 0,
    needTime: (iin & 0x1000) !== 0,
    deviceRestart: (iin & 0x8000) !== 0,
    functionNotSupported: (iin & 0x0001) !== 0,
    parameterError: (iin & 0x0004) !== 0,
    eventBufferOverflow: (iin & 0x0008) !== 0,
  });
}

/** Two fragments in one packet share a row. */
function expectSameObjects(sink: RecordingSink, row: Row): void {
  if (row['dnp3.al.obj'].includes(UNREAD)) return;
  if (numbers(row['dnp3.al.obj']).some((object) => SKIPPED_GROUPS.has(object >> 8))) return;
  const { points, strings } = sink;
  const valuesOf = (kinds: readonly PointKind[]) => points.filter((p) => kinds.includes(p.kind)).map((p) => p.value);
  const states = points.filter(({ event }) => !event).map(({ index }) => index);
  const indices = numbers(row['dnp3.al.point_index']);
  expect(TIMES.test(row['dnp3.al.obj']) ? indices.slice(0, states.length) : indices).toEqual(states);
  if (PACKED.test(row['dnp3.al.obj'])) expect(valuesOf(BINARY)).toEqual(numbers(row['dnp3.al.bit']));
  expect(valuesOf(COUNTER)).toEqual(numbers(row['dnp3.al.cnt']));
  expectInterleaved(
    valuesOf(ANALOG),
    ['int', 'float', 'double'].map((type) => numbers(row[`dnp3.al.ana.${type}`])),
  );
  const changed = strings.filter(({ event }) => event).map(({ hex }) => hex);
  expect(changed, 'tshark prints no octet strings of group 110').toEqual(list(row['dnp3.al.octet_string']));
  expectTimes([...sink.times, ...points.map((p) => p.timeMs).filter((timeMs) => !Number.isNaN(timeMs))], row);
}

/** The first absolute time of a row with relative ones is the common time of occurrence. */
function expectTimes(decodedMs: readonly number[], row: Row): void {
  const absoluteMs = times(row['dnp3.al.timestamp']);
  const relative = numbers(row['dnp3.al.reltimestamp']);
  if (relative.length > 0) expect(decodedMs).toEqual(relative.map((seconds) => absoluteMs[0] + seconds * 1000));
  else if (!row['dnp3.al.obj'].includes('0x33')) expect(decodedMs).toEqual(absoluteMs);
}

/** tshark prints analog values to six digits in a column for each type; each column keeps the order of the fragment. */
function expectInterleaved(values: readonly number[], columns: readonly number[][]): void {
  expect(values).toHaveLength(columns.flat().length);
  for (const value of values) {
    const column = columns.find(([next]) => next !== undefined && Math.abs(next - value) <= 1e-5 * Math.abs(value));
    expect(column, `${value} in ${columns}`).toBeDefined();
    column!.shift();
  }
}

function expectSameAsTshark(fragments: readonly Uint8Array[], row: Row): void {
  const functionCodes = numbers(row['dnp3.al.func']);
  expect(fragments).toHaveLength(functionCodes.length);
  if (functionCodes.includes(AUTHENTICATION_RESPONSE)) return;
  const sink = new RecordingSink();
  for (const [at, fragment] of fragments.entries()) {
    const response = decodeResponse(fragment);
    if (!response.ok) throw new Error(response.fault.detail);
    const [control, iin] = ['dnp3.al.ctl', 'dnp3.al.iin'].map((column) => numbers(row[column])[at]);
    expectSameHeader(response.value, functionCodes[at], control, iin);
    expect(decodeObjects(response.value.objects, sink)).toBeUndefined();
  }
  if (fragments.length > 0) expectSameObjects(sink, row);
}

describe('what outstations sent', () => {
  it.each(RECORDINGS)('$name is what tshark says', ({ name, rows }) => {
    const link = new LinkAssembler();
    const transport = new FragmentAssembler();
    for (const row of rows) {
      link.push(Buffer.from(row['tcp.payload'], 'hex'));
      const fragments: Uint8Array[] = [];
      for (let frame = link.next(); frame !== undefined; frame = link.next()) {
        const fragment = transport.push(frame.data);
        if (fragment !== undefined) fragments.push(fragment.slice());
      }
      if (`${name} ${row['frame.number']}` === UNASSEMBLED) expect(fragments).toHaveLength(1);
      else expectSameAsTshark(fragments, row);
    }
    expect(link.noise).toEqual({ bytes: 0, badHeaders: 0, badBodies: 0 });
  });
});
