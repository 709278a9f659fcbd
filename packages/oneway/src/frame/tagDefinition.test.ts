import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { describe, expect, test } from 'vitest';
import { readTagDefinition } from './tagDefinition.ts';

const TAG: TagDefinition = {
  ...{ number: 1, id: 'TI-1', path: 'works/temperature', type: 'number', lane: 'operational', unit: 'Cel' },
  ...{ description: 'Température, 温度', stepped: false, aliases: [] },
};

describe('SR 3.5: a definition from outside', () => {
  test.each(['works/température', 'werk/Kühlung 1', '工場/温度'])('may be at %s', (path) => {
    expect(readTagDefinition({ ...TAG, path })).toEqual({ ok: true, value: { ...TAG, path } });
  });

  test.each([
    'works/tempera\u0000ture',
    'works/line\n1',
    'works/\u001b[2Jtemperature',
    'works/\u202eerutarepmet',
    'works/tempera\u200bture',
    'works\ufeff/temperature',
    'works/\ud800',
  ])('may not be at %j, which reads as another path', (path) => {
    expect(readTagDefinition({ ...TAG, path })).toMatchObject({ ok: false, fault: { code: 'boundary.tags' } });
  });

  test.each(['id', 'unit', 'description'] as const)('has no half character in its %s', (field) => {
    expect(readTagDefinition({ ...TAG, [field]: 'a\ud800' })).toMatchObject({ ok: false });
  });
});
