import { describe, expect, it } from 'vitest';
import { dissectModbus } from './dissectModbus.ts';
import type { ModbusFrame } from './modbusFrame.ts';
import { RECORDINGS, type RecordedPayload, readRecording } from './testbed/recordedPayload.ts';
import { wordsOfTshark } from './testbed/wordsOfTshark.ts';

/** tshark is lenient; the specification is not. Each payload that only tshark accepts, and why we do not. */
const OUTSIDE_THE_SPECIFICATION = new Map([
  ['fuzz-1011.tsv 1', /names 147 items where 1 to 125 are allowed/],
  ['fuzz-72.tsv 6', /2 bytes cannot hold a header/],
  ['modbus-eit.tsv 2', /has conformity level 0/],
  ['modbus-test-data-part1.tsv 32', /has 4 bytes where 3 belong/],
  ['modbus-test-data-part1.tsv 34', /has 4 bytes where 3 belong/],
  ...[91, 93, 95, 97, 99, 101, 103, 105, 107, 109].map(
    (packet) => [`modbus-test-data-part1.tsv ${packet}`, /exception to function code 1 with 2 bytes/] as const,
  ),
  ['modbus-test-data-part1.tsv 111', /3 bytes cannot hold a header/],
  ['modicon-test.tsv 19', /length 255 where 2 to 254 are allowed/],
  ['modicon-test.tsv 20', /length 255 where 2 to 254 are allowed/],
  ['tcp-rtu-ascii.tsv 82', /names 126 items/],
  ['tcp-rtu-ascii.tsv 244', /names 126 items/],
  ['tcp-rtu-ascii.tsv 400', /names 126 items/],
  ['tcp-rtu-ascii.tsv 558', /names 126 items/],
]);

const isRegular = ({ name }: RecordedPayload) => !OUTSIDE_THE_SPECIFICATION.has(name);
const PAYLOADS = RECORDINGS.flatMap(readRecording);

/** Every field that is not the same in both, as `name field: tshark, ours`. */
function differences({ name, direction, framing, frames }: RecordedPayload): string[] {
  return frames.flatMap(({ bytes, tshark }) => {
    const frame = dissectModbus(bytes, direction, framing);
    if (!frame.ok) return [`${name}: ${frame.fault.detail}`];
    const ours = wordsOfTshark(frame.value, direction, framing);
    return [...new Set([...Object.keys(tshark), ...Object.keys(ours)])]
      .filter((field) => !agree(field, frame.value, tshark[field] ?? [], ours[field] ?? []))
      .map((field) => `${name} ${field}: ${tshark[field]}, ${ours[field]}`);
  });
}

function agree(field: string, frame: ModbusFrame, tshark: readonly string[], ours: readonly string[]): boolean {
  switch (field) {
    // tshark knows from the request how many bits were asked; the others fill up the last byte of the answer.
    case 'modbus.bitval':
      return ours.slice(0, tshark.length).join() === tshark.join() && ours.length - tshark.length < 8;
    // The bytes of whatever tshark does not decode. In a group of records they go on to the end of the whole frame.
    case 'modbus.data':
      return frame.functionCode === 20
        ? ours.every((value, index) => tshark[index].startsWith(value))
        : ours.length === 0 || ours.join() === tshark.join();
    // We do not tell the reserved MEI types apart.
    case 'modbus.mei':
      return frame.effect === 'unknown' || ours.join() === tshark.join();
    default:
      return ours.join() === tshark.join();
  }
}

describe('frames recorded by others', () => {
  it.each(RECORDINGS)('say in %s what tshark says', (file) => {
    const decoded = readRecording(file).filter(({ frames }) =>
      frames.every(({ tshark }) => 'modbus.func_code' in tshark),
    );
    expect(decoded.length).toBeGreaterThan(0);
    expect(decoded.filter(isRegular).flatMap(differences)).toEqual([]);
  });

  it.each([...OUTSIDE_THE_SPECIFICATION])('are refused where tshark lets pass too much: %s', (name, reason) => {
    const { frames, direction, framing } = PAYLOADS.find((payload) => payload.name === name)!;
    const results = frames.map(({ bytes }) => dissectModbus(bytes, direction, framing));
    expect(results.find(({ ok }) => !ok)).toMatchObject({ fault: { detail: expect.stringMatching(reason) } });
  });

  it.each([
    ['rtu', 15514, 31],
    ['ascii', 15516, 30],
  ] as const)('say in %s what the same device says in TCP', (framing, port, count) => {
    const exchanged = PAYLOADS.filter(({ serverPort }) => serverPort === port);
    const overTcp = PAYLOADS.filter(({ serverPort }) => serverPort === 15513);
    expect(exchanged).toHaveLength(count);
    for (const [index, { frames, direction }] of exchanged.entries()) {
      const frame = dissectModbus(frames[0].bytes, direction, framing);
      const twin = dissectModbus(overTcp[index].frames[0].bytes, direction);
      expect(frame).toEqual(twin.ok ? { ...twin, value: { ...twin.value, transaction: undefined } } : twin);
    }
  });
});
