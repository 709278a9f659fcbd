import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { HistorianDoor } from './testbed/historianDoor.ts';

const page = await readFile(new URL('../../../../docs/aggregates.md', import.meta.url), 'utf8');

test('what docs/aggregates.md tells to try gives what it says', async () => {
  const door = await HistorianDoor.open();
  onTestFinished(() => door.stop());
  const [, body] = / -d '([^']+)'/.exec(page) ?? [];
  expect((await door.post('/history/import', JSON.parse(body))).status).toBe(200);
  const [, question] = /\/api\/v1(\/history\/processed[^']+)'/.exec(page) ?? [];
  const answer = await (await door.get(question, { accept: 'text/csv' })).text();
  const rows = answer.trimEnd().split('\r\n').slice(1);
  const printed = page.split('```\n').find((block) => block.startsWith('2012-01-02T12:00:00.000000Z,'));
  expect(rows.map((row) => row.split(',').slice(3, 6).join(','))).toEqual(printed?.trimEnd().split('\n'));
  const { series } = await door.json(question);
  expect(series[0].statuses.slice(-2)[0]).toBe(1029);
});
