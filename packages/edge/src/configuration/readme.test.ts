import { readFileSync } from 'node:fs';
import { alarmShape } from '@tidegate/alarm/definition/alarmSchema.ts';
import { knownKeys, schemasAt } from '@tidegate/config/schemaWalk.ts';
import { expect, it } from 'vitest';
import { PROTOCOLS } from '../acquisition/drivers/driverRegistry.ts';
import { gatewaySchemaOf } from './gatewaySchema.ts';
import { healthShape } from './health/healthSchema.ts';
import { HEALTH_SIGNALS } from './health/healthTags.ts';
import { limitsShape } from './limitsSchema.ts';
import { mediumShape } from './mediumSchema.ts';
import { tagRowSchema } from './tagSchema.ts';

const README = readFileSync(new URL('README.md', import.meta.url), 'utf8');

/** What stands in backquotes in the first column of the tables below a heading. */
function named(heading: string): string[] {
  const section = README.slice(README.indexOf(`## ${heading}`)).split('\n## ')[0];
  const cells = [...section.matchAll(/^\| (`[^|]+`) *\|/gm)].map((match) => match[1]);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]));
}

it('the README names every key of the YAML file and no other, but for those of the drivers', () => {
  const gatewaySchema = gatewaySchemaOf([], PROTOCOLS);
  const at = (prefix: string, path: readonly PropertyKey[]) =>
    knownKeys(schemasAt(gatewaySchema, path)).map((key) => prefix + key);
  const branches = ['server', 'spool', 'lanes', 'scanClasses', 'compressionClasses', 'lines', 'devices'];
  const shared = Object.keys({ ...mediumShape, ...limitsShape });
  const own = (key: string) => !shared.includes(key.replace(/^.*\./, ''));
  const keys = [
    ...at('', []).filter((key) => !branches.includes(key)),
    ...at('server.', ['server']).filter((key) => key !== 'server.diode'),
    ...at('server.diode.', ['server', 'diode']),
    ...at('spool.', ['spool']),
    ...at('lanes.', ['lanes']),
    ...at('lanes.*.', ['lanes', 'analytical']),
    'scanClasses.NAME',
    'compressionClasses.NAME',
    ...at('lines[].', ['lines', 0]).filter(own),
    ...at('devices[].', ['devices', 0]).filter(own),
    ...shared.map((key) => `*.${key}`),
  ];
  expect(named('The YAML file').toSorted()).toEqual(keys.toSorted());
});

it('the README names every column of a tag list and no other', () => {
  const columns = knownKeys([tagRowSchema]).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
  expect(named('Tags').toSorted()).toEqual(columns.toSorted());
});

it('the README names every key of an alarm and no other', () => {
  expect(named('Alarms').toSorted()).toEqual(Object.keys(alarmShape).toSorted());
});

it('the README names every key and every tag of a model and no other', () => {
  const tags = HEALTH_SIGNALS.map((signal) => `NAME/${signal}`);
  expect(named('Health').toSorted()).toEqual([...Object.keys(healthShape), ...tags].toSorted());
});
