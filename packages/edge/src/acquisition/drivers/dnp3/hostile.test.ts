/** Whatever comes from a line: nothing throws, nothing grows, and nothing that was not asked for becomes a value. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { dnp3Driver } from './dnp3Driver.ts';
import { Dnp3Line } from './dnp3Line.ts';
import { fragmentFrame, outstationFrame } from './testbed/outstationFrame.ts';
import { ScriptedOutstation } from './testbed/scriptedOutstation.ts';

const ANSWERS = readFileSync(join(import.meta.dirname, 'vectors/opendnp3.hex'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('<'))
  .map((line) => Uint8Array.from(Buffer.from(line.slice(2), 'hex')));
const POINTS = ['binary:1', 'analog:2', 'counter:1', 'octetString:7', 'iin:need-time'];
const TYPES = ['bool', 'float32', 'uint32', 'string', 'bool'];

function hostileLine(clock: ManualClock, values: number[]): Dnp3Line {
  const options = dnp3Driver.options.parse({ outstation: 10, clearRestart: true, synchroniseTime: 'lan' });
  const points = POINTS.map((address, tag) => ({ tag, address, dataType: TYPES[tag] }));
  const device = { name: 'rtu', options, timeoutMs: 1000, classes: [{ intervalMs: 1000, points }] };
  const readings = new Readings({ write: (block) => values.push(...block.tags.subarray(0, block.count)) });
  return new Dnp3Line([device], { clock, events: () => {}, readings, bitRate: undefined });
}

async function scan(line: Dnp3Line): Promise<void> {
  const [rtu] = line.devices;
  await rtu.greet();
  const [group] = rtu.groups;
  group.begin();
  while (group.pending > 0) {
    const { outcome } = await group.step();
    if (outcome === 'silent' || outcome === 'lost') group.fail(STATUS.BadTimeout);
  }
  await line.listen(1000);
}

/** A good frame with some of its bytes changed, or one whose CRCs are right around anything. */
const mutated = fc
  .tuple(fc.constantFrom(...ANSWERS), fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 3 }))
  .map(([frame, changes]) => {
    const changed = frame.slice();
    for (const [at, value] of changes) changed[at % changed.length] = value;
    return changed;
  });
const plausible = fc
  .tuple(fc.nat(255), fc.nat(255), fc.constantFrom(129, 130, 131, 1), fc.uint8Array({ maxLength: 60 }))
  .map(([transport, control, code, rest]) => outstationFrame(10, Uint8Array.of(transport, control, code, ...rest)));
const response = fc
  .tuple(fc.nat(15), fc.boolean(), fc.nat(255), fc.nat(63), fc.uint8Array({ maxLength: 30 }))
  .map(([sequence, unsolicited, iin1, iin2, objects]) => {
    const header = [(unsolicited ? 0xf0 : 0xe0) | sequence, unsolicited ? 130 : 129, iin1, iin2];
    return outstationFrame(10, Uint8Array.of(0xc0, ...header, ...objects));
  });
const chunk = fc.oneof(mutated, plausible, response, fc.uint8Array({ minLength: 1, maxLength: 40 }));

it('takes anything without throwing, and comes to the end of a scan', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(chunk, { maxLength: 60 }), async (chunks) => {
      const clock = new ManualClock();
      const line = hostileLine(clock, []);
      const left = [...chunks];
      line.connected(new ScriptedOutstation(clock, () => left.shift()));
      await scan(line);
      await scan(line);
      line.disconnected();
    }),
    { numRuns: 500 },
  );
});

it('makes no value of answers to nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(15), fc.nat(255)), { maxLength: 40 }), async (answers) => {
      const clock = new ManualClock();
      const values: number[] = [];
      const line = hostileLine(clock, values);
      const left = answers.map(([sequence, value], at) => {
        const control = (0xc0 | sequence).toString(16);
        const hex = value.toString(16).padStart(2, '0');
        return fragmentFrame(10, `${control} 81 0000 1e02 00 0202 01 ${hex}00`, at);
      });
      line.connected(new ScriptedOutstation(clock, () => left.shift()));
      while (left.length > 0) await line.listen(1000);
      expect(values).toEqual([]);
      expect(line.devices[0].discardedAnswers).toBe(answers.length);
    }),
    { numRuns: 200 },
  );
});

it('keeps no more of a million bytes of the beginnings of frames, fragments and answers than of one', async () => {
  const clock = new ManualClock();
  const line = hostileLine(clock, []);
  const first = outstationFrame(10, new Uint8Array(249).fill(0x42));
  const halves = [first, first.subarray(0, 200), fragmentFrame(10, 'a0 81 0000'), fragmentFrame(11, 'c0 81 0000')];
  let said = 0;
  line.connected(new ScriptedOutstation(clock, () => halves[said++ % halves.length]));
  const used = async () => {
    for (let round = 0; round < 40; round++) await line.listen(1000);
    return process.memoryUsage().arrayBuffers;
  };
  const before = await used();
  for (let round = 0; round < 10; round++) await used();
  expect((await used()) - before).toBeLessThan(1024 * 1024);
  expect(said).toBeGreaterThan(4000);
});
