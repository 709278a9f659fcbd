import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { describe, expect, it } from 'vitest';
import { asciiFraming } from '../framing/asciiFraming.ts';
import { rtuFraming } from '../framing/rtuFraming.ts';
import { encodeTcpFrame } from '../framing/tcpFraming.ts';
import { ClockedLink, during } from '../testbed/clockedLink.ts';
import { PROBE_DEFAULTS, type ProbeOptions, type ProbeProgress, type ProbeTarget, probeUnit } from './probeUnit.ts';

/** Holding registers 10 to 29 and 40; input registers 0 to 4; coils 0 to 15; no discrete inputs. */
function answerTo(code: number, first: number, count: number): number[] {
  const within = (from: number, to: number) => first >= from && first + count - 1 <= to;
  const registers = (known: boolean) =>
    known ? [code, count * 2, ...Array.from({ length: count }, (_, at) => [0, first + at]).flat()] : [code | 0x80, 2];
  switch (code) {
    case 1:
      return within(0, 15) ? [1, Math.ceil(count / 8), ...new Array(Math.ceil(count / 8)).fill(0)] : [0x81, 2];
    case 3:
      return registers(within(10, 29) || within(40, 40));
    case 4:
      return registers(within(0, 4));
    case 43:
      return [43, 14, 1, 1, 0, 0, 1, 0, 4, ...Buffer.from('Acme')];
    default:
      return [code | 0x80, 1];
  }
}

const OPTIONS: ProbeOptions = {
  ...PROBE_DEFAULTS,
  tables: ['coil', 'discrete', 'input', 'holding'],
  first: 0,
  last: 63,
  samples: 2,
};

type Protocol = ProbeTarget['protocol'];

/** How each protocol takes a request apart, and wraps the answer. */
const WIRE: Readonly<
  Record<Protocol, readonly [(frame: Buffer) => Buffer, (pdu: Uint8Array, asked: Buffer) => Uint8Array]>
> = {
  'modbus-tcp': [(frame) => frame.subarray(7), (pdu, asked) => encodeTcpFrame(asked.readUInt16BE(0), asked[6], pdu)],
  'modbus-rtu': [(frame) => frame.subarray(1, -2), (pdu) => rtuFraming.encode(5, pdu)],
  'modbus-ascii': [
    (frame) => Buffer.from(frame.toString('latin1', 3, frame.length - 4), 'hex'),
    (pdu) => asciiFraming.encode(5, pdu),
  ],
};

function rig(protocol: Protocol, speaks: (question: number) => number | undefined = () => 20) {
  const clock = new ManualClock();
  let questions = 0;
  const [unwrap, wrap] = WIRE[protocol];
  const link: ClockedLink = new ClockedLink(clock, (bytes) => {
    const frame = Buffer.from(bytes);
    const pdu = unwrap(frame);
    const answer = Uint8Array.from(answerTo(pdu[0], pdu.readUInt16BE(1), pdu.length < 5 ? 0 : pdu.readUInt16BE(3)));
    const delayMs = speaks(questions++);
    if (delayMs !== undefined) link.says(Buffer.from(wrap(answer, frame)).toString('hex'), delayMs);
  });
  const progress: ProbeProgress[] = [];
  const target = { protocol, unit: 5, timeoutMs: 500, bitRate: undefined };
  const probe = (options: Partial<ProbeOptions> = {}) =>
    during(
      clock,
      probeUnit(link, target, { ...OPTIONS, ...options }, clock, (step) => progress.push(step)),
      20,
    );
  return { clock, link, progress, probe };
}

describe.each<Protocol>(['modbus-tcp', 'modbus-rtu', 'modbus-ascii'])('%s', (protocol) => {
  it('finds what there is, and names the tables that are not there', async () => {
    const { probe } = rig(protocol);
    const report = await probe();
    if (!report.ok) throw new Error(report.fault.detail);
    expect(report.value.tables.map(({ table, found, remark }) => [table, found, remark])).toEqual([
      ['coil', [{ first: 0, count: 16 }], undefined],
      ['discrete', [], 'exception 1, illegal function'],
      ['input', [{ first: 0, count: 5 }], undefined],
      [
        'holding',
        [
          { first: 10, count: 20 },
          { first: 40, count: 1 },
        ],
        undefined,
      ],
    ]);
    expect(report.value.identity).toBe('vendor-name Acme');
    expect(report.value.tables[2].suggestions.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives up on a unit that is not there', async () => {
    const { link, probe } = rig(protocol, () => undefined);
    expect(await probe()).toMatchObject({ ok: false, fault: { code: 'link.timeout' } });
    expect(link.sent).toHaveLength(5);
  });

  it('takes no late answer for another', async () => {
    const { probe } = rig(protocol, (question) => (question % 7 === 3 ? 700 : 20));
    const report = await probe({ tables: ['input'], samples: 4 });
    if (!report.ok) throw new Error(report.fault.detail);
    for (const { found, suggestions } of report.value.tables) {
      expect(found.every(({ first, count }) => first + count <= 5)).toBe(true);
      for (const { first, value } of suggestions) expect(value).toBe(first);
    }
  });
});

it('pauses between two requests, and tells how far it is', async () => {
  const { link, progress, probe } = rig('modbus-tcp');
  await probe({ tables: ['holding'] });
  const pauses = link.sent.slice(1).map(({ atMs }, index) => atMs - link.sent[index].atMs);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(120);
  expect(progress.map(({ left }) => left).slice(0, 3)).toEqual([64, 64, 64]);
  expect(progress.at(-1)).toMatchObject({ table: 'holding', step: 'sampling', requests: link.sent.length - 1 });
});

it('stops where the requests do not suffice, and says so', async () => {
  const { probe } = rig('modbus-tcp');
  const report = await probe({ tables: ['holding'], maxRequests: 4 });
  const remark = expect.stringMatching(/addresses are unknown: 4 requests did not suffice/);
  expect(report).toMatchObject({ ok: true, value: { tables: [{ remark }] } });
});
