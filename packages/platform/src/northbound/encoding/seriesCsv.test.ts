import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { expect, test } from 'vitest';
import { runOf } from '../../historian/archive/sampleRun.ts';
import { seriesCsv } from './seriesCsv.ts';

test.each([
  [71.5, STATUS.Good, '71.5,Good'],
  [null, STATUS.BadTimeout, ',BadTimeout'],
  ['', STATUS.Good, '"",Good'],
  ['running', STATUS.Good, 'running,Good'],
  ['say "stop", then\nwait', STATUS.Good, '"say ""stop"", then\nwait",Good'],
  [Number.NaN, STATUS.Uncertain, 'NaN,Uncertain'],
  [Number.NEGATIVE_INFINITY, 0x80ff0000, '-Infinity,0x80FF0000'],
])('%j with status %d is the line %s', (value, status, line) => {
  const csv = seriesCsv(runOf([{ time: 1, value, status }]));
  expect(csv).toBe(`time,value,status\r\n1970-01-01T00:00:00.000001Z,${line}\r\n`);
});
