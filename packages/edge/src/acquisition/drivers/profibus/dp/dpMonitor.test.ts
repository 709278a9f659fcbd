import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bus } from '../fdl/bus.ts';
import { ACKNOWLEDGEMENT, buildTelegram, joined } from '../testbed/buildTelegram.ts';
import { RECORDED } from '../testbed/recordedTelegrams.ts';
import { parseConfiguration } from './configuration.ts';
import { parseDiagnosis } from './diagnosis.ts';
import { DpMonitor } from './dpMonitor.ts';
import type { Image } from './image.ts';
import { parseParameters } from './parameters.ts';

const hex = (text: string) => [...Buffer.from(text.replaceAll(' ', ''), 'hex')];
const bytes = (text: string) => Uint8Array.from(hex(text));
const held = ({ bytes, length }: Image) => Buffer.from(bytes.subarray(0, Math.max(length, 0))).toString('hex');

const FCB = [0x7d, 0x5d];
let count = 0;
/** A request of master 2 to slave 8; the frame count alternates. */
const ask = (data: string, dsap?: number, station = 8, master = 2) =>
  buildTelegram({
    da: station,
    sa: master,
    fc: FCB[count++ % 2],
    ...(dsap === undefined ? {} : { dsap, ssap: 62 }),
    data: hex(data),
  });
/** The slave's answer, by the SAP that was asked. */
const give = (data: string, ssap?: number, fc = 0x08, station = 8) =>
  buildTelegram({ da: 2, sa: station, fc, ...(ssap === undefined ? {} : { dsap: 62, ssap }), data: hex(data) });
const control = (data: string, da = 127) => buildTelegram({ da, sa: 2, fc: 0x46, dsap: 58, ssap: 62, data: hex(data) });

function openMonitor() {
  const clock = new ManualClock();
  const happened: string[] = [];
  const dp = new DpMonitor({
    diagnosisChanged: ({ station }) => happened.push(`diagnosis of ${station}`),
    configurationChanged: ({ station }, first) => happened.push(`configuration of ${station}${first ? '' : ' again'}`),
    identityChanged: ({ station, ident }, before) => happened.push(`${station}: ident ${before} -> ${ident}`),
    masterChanged: ({ station, master }, before) => happened.push(`${station}: master ${before} -> ${master}`),
    addressChanged: ({ station }, master, address) => happened.push(`${master} moves ${station} to ${address}`),
  });
  const nothing = () => {};
  const bus = new Bus(clock, undefined, {
    telegram: (role, telegram, request, at, ms) => dp.take(role, telegram, request, at, ms),
    stationLost: (station) => dp.lost(station),
    stationReturned: nothing,
    masterJoined: nothing,
    masterLeft: nothing,
    tokenLost: nothing,
  });
  const hear = (...telegrams: readonly Uint8Array[]) => bus.push(joined(...telegrams));
  return { clock, dp, happened, hear };
}

const START_UP = [
  [ask('', 60), give('02 05 00 ff 42 24', 60)],
  [ask('88 02 0a 0b 42 24 03', 61), ACKNOWLEDGEMENT],
  [ask('20 11', 62), ACKNOWLEDGEMENT],
  [ask('', 60), give('00 0c 00 02 42 24', 60)],
].flat();

describe('a slave', () => {
  it('starts up and exchanges data', () => {
    const { dp, happened, hear } = openMonitor();
    const states = [...START_UP, ask('a5'), give('01 02')].map((telegram) => {
      hear(telegram);
      return dp.slaveAt(8)?.state;
    });
    expect([...new Set(states)]).toEqual([undefined, 'waiting for parameters', 'ready', 'data exchange']);
    expect(happened).toEqual(['diagnosis of 8', 'configuration of 8', 'diagnosis of 8']);
    const slave = dp.slaveAt(8)!;
    expect([held(slave.inputs), held(slave.outputs), slave.master, slave.ident]).toEqual(['0102', 'a5', 2, 0x4224]);
    expect(slave.parameters).toEqual({ ident: 0x4224, watchdogMs: 200, groups: 3, locked: true });
    expect(slave.configuration).toMatchObject({ inputBytes: 2, outputBytes: 1 });
    expect(slave.diagnosis).toMatchObject({ master: 2, faulty: false, blocks: [], wellFormed: true });
  });

  it('has data though its start-up was not heard', () => {
    const { dp, hear } = openMonitor();
    hear(ask('a5'), give('01 02'));
    expect(dp.slaveAt(8)).toMatchObject({ state: 'data exchange', configuration: undefined, diagnosis: undefined });
  });

  it.each([
    [
      'that gives inputs only, without outputs',
      [buildTelegram({ da: 8, sa: 2, fc: 0x7d }), give('01')],
      ['01', '', 'data exchange'],
    ],
    ['that has no inputs', [ask('a5 a6'), ACKNOWLEDGEMENT], ['', 'a5a6', 'data exchange']],
    [
      'that gives no answer to new outputs',
      [ask('a5'), give('01'), ask('a6'), ask('a6')],
      ['01', 'a5', 'data exchange'],
    ],
    [
      'whose answer is damaged',
      [ask('a5'), give('01'), ask('a6'), give('02').with(9, 0)],
      ['01', 'a5', 'data exchange'],
    ],
    [
      'whose activation has ended',
      [ask('a5'), give('01'), ask('a6'), buildTelegram({ da: 2, sa: 8, fc: 0x03 })],
      ['01', 'a5', 'waiting for parameters'],
    ],
    [
      'that another master reads',
      [
        ask('', 56, 8, 3),
        buildTelegram({ da: 3, sa: 8, fc: 8, dsap: 62, ssap: 56, data: [7] }),
        ask('', 57, 8, 3),
        buildTelegram({ da: 3, sa: 8, fc: 8, dsap: 62, ssap: 57, data: [9] }),
      ],
      ['07', '09', 'no answer'],
    ],
  ])('%s', (_, telegrams, expected) => {
    const { dp, hear } = openMonitor();
    hear(...telegrams);
    const { inputs, outputs, state } = dp.slaveAt(8)!;
    expect([held(inputs), held(outputs), state]).toEqual(expected);
  });

  it('calls for its diagnosis by high priority', () => {
    const { dp, hear } = openMonitor();
    hear(ask('a5'), give('01', undefined, 0x0a));
    expect(dp.slaveAt(8)?.diagnosisPending).toBe(true);
    hear(ask('', 60), give('08 0c 00 02 42 24 42 01', 60));
    expect(dp.slaveAt(8)).toMatchObject({ diagnosisPending: false, diagnosis: { faulty: true } });
  });

  it('tells of a diagnosis only when it changes', () => {
    const { happened, hear } = openMonitor();
    const fetched = [ask('', 60), give('08 0c 00 02 42 24 42 01', 60)];
    hear(...fetched, ask('', 60), give('08 0c 00 02 42 24 42 01', 60), ask('', 60), give('00 0c 00 02 42 24', 60));
    expect(happened.filter((what) => what === 'diagnosis of 8')).toHaveLength(2);
  });

  it('is told apart when it is lost, replaced, moved or taken over', () => {
    const { dp, happened, hear } = openMonitor();
    hear(...START_UP, ask('a5'), give('01'));
    happened.length = 0;
    hear(...Array.from({ length: 5 }, () => ask('01')));
    expect(dp.slaveAt(8)?.state).toBe('no answer');
    hear(ask('', 60), give('00 0c 00 02 80 31', 60));
    hear(ask('a5', undefined, 8, 3), buildTelegram({ da: 3, sa: 8, fc: 8, data: [1] }));
    hear(ask('09 80 31 00', 55), ACKNOWLEDGEMENT);
    expect(happened).toEqual([
      `8: ident ${0x4224} -> ${0x8031}`,
      'diagnosis of 8',
      '8: master 2 -> 3',
      '2 moves 8 to 9',
    ]);
  });

  it('is cleared and released by its group', () => {
    const { dp, hear } = openMonitor();
    const cleared = () => dp.slaveAt(8)?.cleared;
    hear(...START_UP);
    hear(control('02 00'));
    expect(cleared()).toBe(true);
    hear(control('00 04'));
    expect(cleared()).toBe(true);
    hear(control('00 01'));
    expect(cleared()).toBe(false);
    hear(control('02 00', 8), control('00 00', 9), control('00'));
    expect(cleared()).toBe(true);
  });

  it('is not made up from the talk of masters', () => {
    const { dp, hear } = openMonitor();
    hear(buildTelegram({ da: 3, sa: 2, fc: 0x49 }), buildTelegram({ da: 2, sa: 3, fc: 0x30 }));
    hear(ask('01', undefined, 3), buildTelegram({ da: 2, sa: 3, fc: 0x38, data: [1] }));
    expect(dp.slaveAt(3)).toBeUndefined();
  });
});

it('understands the recording', () => {
  const { dp, hear } = openMonitor();
  hear(...RECORDED.map((telegram) => telegram.bytes));
  const slaves = [8, 42, 77].map((station) => dp.slaveAt(station)!);
  const seen = slaves.map(({ state, master, ident, configuration, inputs, outputs }) => {
    return [state, master, ident, Buffer.from(configuration!.bytes).toString('hex'), inputs.length, outputs.length];
  });
  // Ident, configuration and data lengths agree: 21 11 are two bytes out and in, 21 15 two and six, 20 13 one and four.
  expect(seen).toEqual([
    ['data exchange', 2, 0x4224, '2111', 2, 2],
    ['data exchange', 2, 0x4225, '2115', 6, 2],
    ['data exchange', 2, 0x4226, '2013', 4, 1],
  ]);
});

describe('configuration', () => {
  it.each([
    ['bytes in', '13', 4, 0],
    ['words out', '61', 0, 4],
    ['both, consistent', 'f0', 2, 2],
    ['an empty slot', '00', 0, 0],
    ['special: inputs', '40 43', 8, 0],
    ['special: outputs', '80 3f', 0, 64],
    ['special: outputs, then inputs', 'c0 00 41', 4, 1],
    ['special with bytes of the manufacturer', '43 01 aa bb cc 10', 3, 0],
    ['special that is not compared', '4f 00 10', 2, 0],
    ['none', '', 0, 0],
  ])('%s', (_, config, inputBytes, outputBytes) => {
    expect(parseConfiguration(bytes(config))).toMatchObject({ inputBytes, outputBytes });
  });

  it.each(['40', 'c0 00', '43 01 aa bb'])('%s ends too early', (config) => {
    expect(parseConfiguration(bytes(config))).toBeUndefined();
  });
});

it.each([
  ['08 02 0a 0b 42 24 00', { watchdogMs: 200, locked: false, ident: 0x4224 }],
  ['80 02 0a 0b 42 24 00', { watchdogMs: undefined, locked: true }],
  ['c0 00 00 0b 42 24 ff', { watchdogMs: undefined, locked: false, groups: 255 }],
])('parameters %s', (data, expected) => {
  expect(parseParameters(bytes(data))).toMatchObject(expected);
});

it('parameters and diagnosis that are too short are none', () => {
  expect(parseParameters(bytes('88 02 0a 0b 42 24'))).toBeUndefined();
  expect(parseDiagnosis(bytes('00 0c 00 02 42'))).toBeUndefined();
});

it('blocks of a diagnosis that run over its end are left out', () => {
  expect(parseDiagnosis(bytes('08 0c 00 02 4224 c5 44 01 02'))).toMatchObject({
    blocks: [{ kind: 'revision', revision: 5 }],
    wellFormed: false,
  });
  expect(parseDiagnosis(bytes('08 0c 00 02 4224 00 00'))).toMatchObject({ blocks: [], wellFormed: false });
});

it('any bytes in any telegram change nothing but what is known of the slave', () => {
  const sap = fc.option(fc.integer({ min: 50, max: 63 }), { nil: undefined });
  const telegram = fc
    .record({
      da: fc.nat(127),
      sa: fc.nat(126),
      fc: fc.nat(255),
      dsap: sap,
      ssap: sap,
      data: fc.array(fc.nat(255), { maxLength: 40 }),
    })
    .map(({ dsap, ssap, ...rest }) =>
      buildTelegram({ ...rest, ...(dsap === undefined ? {} : { dsap }), ...(ssap === undefined ? {} : { ssap }) }),
    );
  const answered = fc
    .tuple(fc.constantFrom(55, 56, 57, 58, 59, 60, 61, 62), fc.uint8Array({ maxLength: 60 }))
    .map(([dsap, data]) => {
      const text = Buffer.from(data).toString('hex');
      return joined(ask(text, dsap), give(text, dsap));
    });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(telegram, answered, fc.constant(ACKNOWLEDGEMENT)), { maxLength: 60 }),
      (telegrams) => {
        const { dp, hear } = openMonitor();
        hear(...telegrams);
        const slave = dp.slaveAt(8);
        if (slave) expect(slave.inputs.length).toBeLessThanOrEqual(246);
      },
    ),
  );
});
