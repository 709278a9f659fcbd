import { describe, expect, it } from 'vitest';
import { seededRandom } from '../boost/seededRandom.ts';
import { carriesBudget } from './carriesBudget.ts';

const random = seededRandom(3);
const noise = (rows: number) => Float64Array.from({ length: rows }, () => random() - 0.5);
const ramp = (rows: number) => Float64Array.from({ length: rows }, (_, row) => row / rows + 0.05 * random());

describe('carriesBudget', () => {
  it.each<[string, Float64Array[], number, boolean, RegExp | undefined]>([
    ['noise carries a budget as long as itself', [noise(400)], 400, true, undefined],
    ['and one somewhat longer', [noise(400)], 7000, true, undefined],
    ['but none that is far rarer', [noise(400)], 40_000, false, /100 times as long as the normal data/],
    [
      'a temperature that rises all the while carries none',
      [noise(400), ramp(400)],
      400,
      false,
      /^'b' moved too slowly: 400 rows are worth [1-9] /,
    ],
    [
      'many slow signals are not all named',
      [ramp(90), ramp(90), ramp(90), ramp(90)],
      90,
      false,
      /^'a', 'b' and 2 more moved/,
    ],
    ['a week of rows a minute apart is judged too', [noise(30_000)], 30_000, true, undefined],
  ])('%s', (_, columns, rows, carries, says) => {
    const ground = carriesBudget(
      { names: ['a', 'b', 'c', 'd'].slice(0, columns.length), columns },
      { alarms: 1, rows },
    );
    if (!ground.ok) throw new Error(ground.fault.detail);
    expect(ground.value.carries).toBe(carries);
    if (says) expect(ground.value.says[0]).toMatch(says);
    else expect(ground.value.says).toEqual([]);
  });

  it('refuses a budget that is none, and data that are none', () => {
    expect(carriesBudget({ names: ['a'], columns: [noise(90)] }, { alarms: 0, rows: 9 })).toMatchObject({ ok: false });
    expect(carriesBudget({ names: ['a'], columns: [noise(9)] }, { alarms: 1, rows: 9 })).toMatchObject({ ok: false });
  });
});
