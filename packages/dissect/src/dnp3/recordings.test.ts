import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dissectDnp3Fragment } from './dissectDnp3Fragment.ts';
import { dissectDnp3Link } from './dissectDnp3Link.ts';
import { asConformanceLog } from './testbed/asConformanceLog.ts';
import { asTshark, TSHARK_COLUMNS } from './testbed/asTshark.ts';
import { type RecordedPacket, readCapture, readVectors } from './testbed/recordedPacket.ts';

const VECTORS = join(import.meta.dirname, 'vectors');
const RECORDED = ['ics-security-tools', 'opendnp3', 'zeek'].flatMap((name) =>
  readVectors(join(VECTORS, `${name}.txt`)),
);

/** Every packet of which tshark says something that is not so, or that it leaves out. */
const TSHARK_DIFFERS = new Map([
  ['dnp3_file_write 4', 'prints the time inside a file command as that of a point'],
  ['file_write 1', 'prints the time inside a file command as that of a point'],
  ['write_vto_empty_string 2', 'prints one of 285 headers of virtual terminal output, and an index'],
  [
    'dnp3-opendnp3-class-events-unsol 194',
    'does not end the fragment, since the transport sequence turned from 63 to 0',
  ],
  ['dnp3-opendnp3-class-events-unsol 205', 'ends that fragment here, in a confirmation of the master'],
]);

/** Fragments that contradict the standard, and why; tshark reads on where we end. Its lines begin with ours. */
const MALFORMED: readonly (readonly [RegExp, RegExp])[] = [
  [/^DNP3-Malformed /, /lacks|ranges from|reserves|cannot hold|within its range|free format|no object|does not say/],
  [/^direct_operate_crob_malform_but_good_crc 1$/, /g12v1 lacks 13 bytes of its objects/],
  [/^dnp3(_test_data_part1)? 15[46]$/, /g60v4 has qualifier 237, which the standard reserves/],
  [/^dnp3(_test_data_part1)? 1(63|66|74|76)$/, /g1v7 is no object of the standard/],
];

interface Compared {
  readonly name: string;
  readonly differences: readonly string[];
  readonly faults: readonly string[];
}

/** The packets of one recording, in order, since fragments run over several. */
function compare(packets: readonly RecordedPacket[]): Compared[] {
  const unfinished = new Map<string, Uint8Array[]>();
  return packets.map(({ recording, packet, frames, printed }) => {
    const { row, faults } = asTshark(frames, unfinished);
    const differences = TSHARK_COLUMNS.flatMap((column) => {
      const ours = row[column]?.join(';') ?? '';
      const theirs = printed.get(column) ?? '';
      const begins = ours === '' || theirs.startsWith(`${ours};`);
      return theirs === ours || (faults.length > 0 && begins) ? [] : [`${column}: ${ours} where tshark has ${theirs}`];
    });
    return { name: `${recording.replace('.pcap', '')} ${packet}`, differences, faults };
  });
}

function byRecording(packets: readonly RecordedPacket[]): Map<string, RecordedPacket[]> {
  return Map.groupBy(packets, ({ recording }) => recording);
}

function expectExplained(compared: readonly Compared[]): void {
  for (const { name, differences, faults } of compared) {
    if (TSHARK_DIFFERS.has(name)) expect(differences, name).not.toEqual([]);
    else expect(differences, name).toEqual([]);
    for (const fault of faults) {
      const reasons = MALFORMED.filter(([names]) => names.test(name)).map(([, reason]) => reason);
      expect(
        reasons.some((reason) => reason.test(fault)),
        `${name}: ${fault}`,
      ).toBe(true);
    }
  }
}

describe('recorded frames', () => {
  const recordings = [...byRecording(RECORDED)];

  it.each(recordings)('%s is what tshark says', (_, packets) => {
    expect(packets.length).toBeGreaterThan(0);
    expectExplained(compare(packets));
  });

  it('every difference that is explained is there', () => {
    const names = new Set(recordings.flatMap(([, packets]) => compare(packets).map(({ name }) => name)));
    expect([...TSHARK_DIFFERS.keys()].filter((name) => !names.has(name))).toEqual([]);
  });

  it('every malformed frame of the collection of malformed frames is found out', () => {
    const compared = compare(RECORDED.filter(({ recording }) => recording === 'DNP3-Malformed'));
    expect(compared.filter(({ faults }) => faults.length > 0)).toHaveLength(197);
  });
});

describe('fragments that the conformance harness logged', () => {
  const logged = readFileSync(join(VECTORS, 'conformance-logs.tsv'), 'utf8').trim().split('\n');

  it.each(logged.map((line) => line.split('\t')))('procedure %s (%#)', (_, frames, ...lines) => {
    const segments = frames.split(';').map((hex) => {
      const link = dissectDnp3Link(Buffer.from(hex, 'hex'));
      if (!link.ok) throw new Error(link.fault.detail);
      return link.value;
    });
    const payload = Buffer.concat(segments.map(({ userData }) => userData.subarray(1)));
    const fragment = dissectDnp3Fragment(payload, segments[0].fromMaster ? 'request' : 'response');
    if (!fragment.ok) throw new Error(fragment.fault.detail);
    const relayTimes = / count: \d+ onTime: \d+ offTime: \d+/;
    expect(asConformanceLog(fragment.value)).toEqual(lines.map((line) => line.replace(relayTimes, '')));
  });
});

const { TIDEGATE_DATA: DATA } = process.env;

describe('all captures', () => {
  it.skipIf(!DATA)('are what tshark says (set TIDEGATE_DATA to the folder that holds captures/ to run this)', () => {
    const captures = join(DATA ?? '', 'captures');
    const pcaps = readdirSync(join(captures, 'dnp3')).filter((name) => name.endsWith('.pcap'));
    const packets = [
      ...pcaps.map((name) => readCapture(captures, 'dnp3', name)),
      readCapture(captures, 'recorded', 'dnp3-opendnp3-class-events-unsol.pcap'),
    ];
    expect(packets.flat().length).toBeGreaterThan(RECORDED.length);
    for (const recording of packets) expectExplained(compare(recording));
  });
});
