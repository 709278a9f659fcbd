import { describe, expect, it } from 'vitest';
import type { ModbusTable } from './address.ts';
import { describeRange, questionOf } from './question.ts';
import { Station } from './station.ts';

const ask = (table: ModbusTable, first: number, count: number) => questionOf({ table, source: 0, first, count });
const pdu = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const TWO_REGISTERS = ask('holding', 0, 2);

function outOfStep(...questions: readonly ReturnType<typeof ask>[]): Station {
  const station = new Station({ unit: 1, timeoutMs: 500 });
  for (const question of questions) station.unanswered(question);
  return station;
}

describe('a unit that is out of step', () => {
  it.each([
    ['data of the same function and length', '030400010002', true],
    ['data of another length', '03020001', false],
    ['data of another function', '040400010002', false],
    ['a refusal of the same function', '8302', true],
    ['a refusal of another function', '8402', false],
  ])('may still give %s', (_, answer, expected) => {
    expect(outOfStep(TWO_REGISTERS).couldBeOlder(pdu(answer))).toBe(expected);
  });

  it('may give an answer of any length where only the device knows how long it is', () => {
    const station = outOfStep(questionOf({ table: 'fifo', source: 7, first: 0, count: 31 }));
    expect(station.couldBeOlder(pdu('180002000000'))).toBe(true);
    expect(station.mistakable(questionOf({ table: 'fifo', source: 8, first: 0, count: 31 }))).toBe(true);
  });

  it.each([
    ['another block', [TWO_REGISTERS], [TWO_REGISTERS, ask('input', 5, 2)], '2 from input:5'],
    ['a part of the block', [TWO_REGISTERS], [TWO_REGISTERS], '1 from holding:0'],
    ['the same block, where its length is another', [ask('holding', 0, 1)], [TWO_REGISTERS], '2 from holding:0'],
    ['a part with a byte less of bits', [ask('coil', 3, 20)], [ask('coil', 3, 20)], '16 from coil:3'],
    ['another function', [ask('holding', 9, 1)], [ask('holding', 9, 1)], '1 from input:9'],
    ['another function, of bits', [ask('coil', 9, 3)], [ask('coil', 9, 3)], '1 from holding:9'],
    [
      'any smaller part at last',
      [
        TWO_REGISTERS,
        ask('holding', 0, 3),
        ask('holding', 0, 4),
        ...['input', 'coil', 'discrete'].map((table) => ask(table as ModbusTable, 0, 1)),
      ],
      [ask('holding', 0, 4)],
      '1 from holding:0',
    ],
  ])('is asked for %s', (_, outstanding, blocks, expected) => {
    const fresh = outOfStep(...outstanding).freshQuestion(blocks);
    expect(fresh && describeRange(fresh.range)).toBe(expected);
  });

  it('is left alone where nothing is left to ask, and is in step when no late answer can come any more', () => {
    const tables = ['holding', 'input', 'coil', 'discrete'] as const;
    const station = outOfStep(...tables.map((table) => ask(table, 0, 1)));
    expect(station.freshQuestion([ask('holding', 0, 1)])).toBeUndefined();
    station.rest(1_000);
    expect([station.isResting(10_999), station.isInStep(10_999)]).toEqual([true, false]);
    expect([station.isResting(11_000), station.isInStep(11_000)]).toEqual([false, true]);
  });

  it('owes the answer to the last question until it is heard', () => {
    const station = outOfStep(TWO_REGISTERS);
    expect(station.owed).toBeUndefined();
    const fresh = station.freshQuestion([TWO_REGISTERS])!;
    station.unanswered(fresh);
    expect(station.owed).toBe(fresh);
    station.heard = true;
    expect(station.owed).toBeUndefined();
  });
});
