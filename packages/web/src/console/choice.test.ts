import { expect, it } from 'vitest';
import { type Choice, formatChoice, parseChoice } from './choice.ts';

const FIRST: Choice = { page: 'trend', system: false, tags: undefined, windowMs: 300_000 };

it.each<[string, Partial<Choice>]>([
  ['', {}],
  ['#tags=3,17&window=1h', { tags: [3, 17], windowMs: 3_600_000 }],
  ['#tags=&window=24h', { tags: [], windowMs: 86_400_000 }],
  ['#tags=3,x,-1,3,1e9&window=7h', { tags: [3] }],
  ['#tags=1,2,3,4,5,6,7,8,9', { tags: [1, 2, 3, 4, 5, 6, 7, 8] }],
  ['#page=devices', { page: 'devices' }],
  ['#page=boundary', { page: 'boundary' }],
  ['#page=alarms&part=analysis', { page: 'alarms', part: 'analysis' }],
  ['#page=assets&asset=acme%2Fnorth&at=*-1d', { page: 'assets', asset: 'acme/north', at: '*-1d' }],
  ['#page=health&case=12', { page: 'health', case: 12 }],
  [
    '#page=health&part=watches&watch=PSU-1%2Foutput-joint',
    { page: 'health', part: 'watches', watch: 'PSU-1/output-joint' },
  ],
  ['#page=health&part=lives&lives=seal-life', { page: 'health', part: 'lives', lives: 'seal-life' }],
  ['#page=health&case=12x', { page: 'health' }],
  ['#/health/case/12', { page: 'health', case: 12 }],
  ['#/health/case/first', {}],
  ['#page=nowhere&system', { system: true }],
])('the address %s means %j', (hash, expected) => {
  expect(parseChoice(hash)).toEqual({ ...FIRST, ...expected });
});

it.each<Choice>([
  FIRST,
  { page: 'devices', system: false, tags: [5, 0], windowMs: 60_000 },
  { page: 'trend', system: true, tags: [], windowMs: 3_600_000 },
  {
    page: 'assets',
    system: false,
    tags: undefined,
    windowMs: 60_000,
    asset: 'a/b & c',
    at: '2026-01-01T00:00:00+01:00',
  },
  { page: 'health', system: false, tags: undefined, windowMs: 60_000, case: 7 },
  { page: 'health', system: false, tags: undefined, windowMs: 60_000, part: 'watches', watch: 'a/b c/d' },
])('reads what it writes: %j', (choice) => {
  expect(parseChoice(formatChoice(choice))).toEqual(choice);
});
