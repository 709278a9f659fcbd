import { expect, it } from 'vitest';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { Finding, HealthCase } from '../cases/healthCase.ts';
import type { FleetLife, LifeRecord } from '../definition/fleetLife.ts';
import { type LifeFinding, lifeFindings, lifeUnits } from './lifeUnits.ts';

const DAY = 86_400e6;
const asset = 'P1' as AssetId;
const LIFE: FleetLife = {
  ...{ name: 'bearing', type: 'pump', description: '', failure: 'wear', cycleUs: DAY, horizonUs: 180 * DAY },
  members: [{ asset, assetPath: 'acme/p1', watch: 'P1/train' }],
  ...{ signals: [], settings: [], records: [], version: '', place: { file: 'a', line: 1, column: 1 } },
};

const record = (from?: number, to?: number, ended?: LifeRecord['ended']): LifeRecord => ({
  ...{ asset, ended },
  from: from && from * DAY,
  to: to && to * DAY,
});
const finding = (at: number, repairedAt?: number, failure = 'wear'): LifeFinding => ({
  ...{ case: 7, failure, at: at * DAY },
  repairedAt: repairedAt && repairedAt * DAY,
});

/** Each as `from-to ended`, in days. */
function told(records: readonly LifeRecord[], findings: readonly LifeFinding[] = [], now = 1000): string[] {
  const units = lifeUnits({ ...LIFE, records }, () => findings, now * DAY);
  expect(units.map(({ number }) => number)).toEqual(units.map((_, at) => at + 1));
  return units.map(({ start, end, ended, case: of }) => {
    const [from, to] = [start, end].map((time) => (time === undefined ? '' : time / DAY));
    return `${from}-${to} ${ended ?? 'runs'}${of === undefined ? '' : ` ${of}`}`;
  });
}

it.each<[string, readonly LifeRecord[], readonly LifeFinding[], string[]]>([
  ['nothing known', [], [], ['- runs']],
  ['put in', [record(5)], [], ['5- runs']],
  ['failed, and the next began there', [record(5, 50, 'failure')], [], ['5-50 failure', '50- runs']],
  ['the next began later', [record(5, 50, 'failure'), record(60)], [], ['5-50 failure', '60- runs']],
  [
    'one after the other',
    [record(5, 50, 'replaced'), record(50, 90, 'failure')],
    [],
    ['5-50 replaced', '50-90 failure', '90- runs'],
  ],
  ['put in anew and nobody said what became of the last', [record(5), record(50)], [], ['5-50 replaced', '50- runs']],
  ['a beginning that nobody knows', [record(undefined, 50, 'failure')], [], ['-50 failure', '50- runs']],
  ['found and repaired', [record(5)], [finding(40, 42)], ['5-40 failure 7', '42- runs']],
  ['found, and not repaired yet', [], [finding(40)], ['-40 failure 7']],
  ['found, and found again, and then repaired', [], [finding(40), finding(50, 51)], ['-40 failure 7', '51- runs']],
  ['another failure', [record(5)], [finding(40, 42, 'tear')], ['5- runs']],
  ['on record and found', [record(5, 50, 'failure')], [finding(50.6, 51)], ['5-50 failure', '50- runs']],
  ['found within a life on record', [record(5, 50, 'replaced')], [finding(30)], ['5-50 replaced', '50- runs']],
  [
    'found after the last on record',
    [record(5, 50, 'failure')],
    [finding(70, 71)],
    ['5-50 failure', '50-70 failure 7', '71- runs'],
  ],
  ['found before it began', [record(50)], [finding(40)], ['-40 failure 7', '50- runs']],
])('%s', (_what, records, findings, expected) => {
  expect(told(records, findings)).toEqual(expected);
});

it('what is to come has not happened', () => {
  expect(told([record(5, 50, 'replaced')], [], 20)).toEqual(['5- runs']);
});

it.each<[string, Partial<Finding> | undefined, readonly LifeFinding[]]>([
  ['no finding', undefined, []],
  ['nothing', { outcome: 'nothing-found', failure: undefined }, []],
  ['looked at', {}, [finding(40)]],
  ['put right', { repaired: true }, [finding(40, 40)]],
  ['failed before', { repaired: true, failedAt: 35 * DAY }, [finding(35, 40)]],
  ['not what was expected', { outcome: 'other-cause', failure: 'tear' }, [finding(40, undefined, 'tear')]],
])('%s on site ends what it names', (_what, change, expected) => {
  const found: Finding = {
    ...{ outcome: 'confirmed', failure: 'wear', notes: '', repaired: false, photos: [], by: 'mira', at: 40 * DAY },
    ...change,
  };
  const one = { number: 7, finding: change && found } as HealthCase;
  expect(lifeFindings([one])).toEqual(expected);
});
