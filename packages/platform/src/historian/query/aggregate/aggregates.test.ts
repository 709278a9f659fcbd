import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { AGGREGATE_NAMES, AGGREGATES, isAggregateName } from './aggregates.ts';
import { RECIPES } from './recipes.ts';

it('lists 37, each with a node, a clause and a meaning of its own', () => {
  expect(AGGREGATE_NAMES).toHaveLength(37);
  for (const column of ['nodeId', 'clause', 'meaning'] as const) {
    expect(new Set(AGGREGATE_NAMES.map((name) => AGGREGATES[name][column])).size, column).toBe(37);
  }
});

describe('what the list says is what is done', () => {
  const points = { none: 'none', simple: 'samples', interpolated: 'usable' };
  test.each(AGGREGATE_NAMES)('of %s', (name) => {
    expect(RECIPES[name].points).toBe(points[AGGREGATES[name].bounds]);
    expect(RECIPES[name].needs.numeric !== true).toBe(AGGREGATES[name].takesText);
  });
});

it('knows its names', () => {
  expect(isAggregateName('TimeAverage2')).toBe(true);
  expect(isAggregateName('toString')).toBe(false);
});

it('has its table in docs/aggregates.md', () => {
  const page = readFileSync(new URL('../../../../../../docs/aggregates.md', import.meta.url), 'utf8');
  for (const name of AGGREGATE_NAMES) {
    const { nodeId, clause, unit, bounds, meaning } = AGGREGATES[name];
    expect(page).toContain(`| ${name} | ${nodeId} | ${clause} | ${unit} | ${bounds} | ${meaning} |\n`);
  }
});
