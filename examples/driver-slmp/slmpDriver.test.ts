/** The conformance suite of Tidegate, and what is this driver's own. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeDriver } from '@tidegate/edge/acquisition/testbed/driverConformance.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dissectSlmp } from './dissect/dissectSlmp.ts';
import { encodeRead, MAX_WORDS } from './frame.ts';
import { drivers } from './index.ts';
import { planBlocks } from './plan.ts';
import { parsePoint } from './points.ts';

const FOLDER = import.meta.dirname;
const [slmpDriver] = drivers;

describe('slmp', () => describeDriver(slmpDriver, FOLDER));

/** What a driver of others may import of Tidegate; all but `core` for types alone. */
const CONTRACT =
  /^@tidegate\/(core\/|dissect\/outboundRequest\.ts$|edge\/acquisition\/(driver|readings|transport\/link)\.ts$)/;

describe('what it imports', () => {
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testbed'))
    .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }));
  const imports = files.flatMap(({ file, text }) =>
    [...text.matchAll(/^import (type )?.*? from '([^']+)';$/gms)].map(([, type, from]) => ({ file, type, from })),
  );

  it('is the contract, zod and itself', () => {
    expect(imports.length).toBeGreaterThan(20);
    const strangers = imports.filter(({ from }) => !from.startsWith('.') && from !== 'zod' && !CONTRACT.test(from));
    expect(strangers).toEqual([]);
    const atRunTime = imports.filter(({ type, from }) => !type && /^@tidegate\/(edge|dissect)\//.test(from));
    expect(atRunTime).toEqual([]);
  });

  it('leaves the parser of the guard on its own', () => {
    const own = imports.filter(({ file, from }) => file.startsWith('dissect') && from.startsWith('.'));
    const users = imports.filter(({ file, from }) => !file.startsWith('dissect') && from.includes('dissect/'));
    expect([own, users.map(({ file }) => file)]).toEqual([[], ['slmpDriver.ts']]);
  });
});

describe('the plan', () => {
  const planned = (addresses: readonly string[], limits = { maxWords: 100, maxGap: 4 }) => {
    const points = addresses.map((text, tag) => {
      const [address, dataType = 'uint16'] = text.split(' ');
      const point = parsePoint({ address, dataType }, limits.maxWords);
      if (!point.ok) throw new Error(point.fault.detail);
      return { ...point.value, tag };
    });
    return planBlocks(points, limits).map(({ memory, first, words, points: own }) => [
      `${memory.name}${first}+${words}`,
      own.map(({ tag }) => tag).join(),
    ]);
  };

  it.each([
    ['near ones together', ['D5', 'D0', 'D1 float64'], [['D0+6', '1,2,0']]],
    [
      'none over a gap that costs more than a request',
      ['D0', 'D5', 'D11'],
      [
        ['D0+6', '0,1'],
        ['D11+1', '2'],
      ],
    ],
    ['a long one over a short one', ['D0 float64', 'D1', 'D8'], [['D0+9', '0,1,2']]],
    [
      'kinds of memory apart',
      ['D0', 'W0', 'D1'],
      [
        ['D0+2', '0,2'],
        ['W0+1', '1'],
      ],
    ],
    ['bits as the words they lie in', ['M15 bool', 'M16 bool', 'M0 bool'], [['M0+2', '0,2,1']]],
    [
      'no more than one request can hold',
      ['D0', 'D99', 'D100'],
      [
        ['D0+1', '0'],
        ['D99+2', '1,2'],
      ],
    ],
  ] as const)('reads %s', (_, addresses, blocks) => expect(planned(addresses)).toEqual(blocks));

  it('never asks for more than one request can hold, and for each point once', () => {
    const address = fc.nat(2_000).map((number) => `D${number} float64`);
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1 }),
        fc.integer({ min: 4, max: MAX_WORDS }),
        (addresses, maxWords) => {
          const blocks = planned(addresses, { maxWords, maxGap: 64 });
          for (const [place] of blocks) expect(Number(place.split('+')[1])).toBeLessThanOrEqual(maxWords);
          const tags = blocks.flatMap(([, own]) => own.split(',').map(Number));
          expect(tags.sort((a, b) => a - b)).toEqual(addresses.map((_text, tag) => tag));
        },
      ),
    );
  });
});

describe('the parser of the guard', () => {
  const good = [
    ...encodeRead({ network: 1, station: 2 }, planBlocks([pointAt('D350')], { maxWords: 2, maxGap: 0 })[0], 1000),
  ];

  it('knows a read and its station', () => {
    expect(dissectSlmp(Uint8Array.from(good))).toEqual({
      ok: true,
      value: { service: 'read', effect: 'read', station: 258 },
    });
  });

  it('takes any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => typeof dissectSlmp(bytes).ok === 'boolean'));
  });

  it('takes a frame with any byte changed for a read only where it still is one', () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const dissected = dissectSlmp(Uint8Array.from(good.with(at, byte)));
        // Station, timer, number, memory and count may change; the rest makes it a read.
        const free = [2, 3, 9, 10, 15, 16, 17, 18, 19, 20].includes(at) || byte === good[at];
        if (!free)
          expect(dissected.ok && dissected.value.effect === 'read' && dissected.value.service === 'read').toBe(false);
      }),
    );
  });
});

function pointAt(address: string) {
  const point = parsePoint({ address, dataType: 'uint16' }, MAX_WORDS);
  if (!point.ok) throw new Error(point.fault.detail);
  return { ...point.value, tag: 0 };
}
