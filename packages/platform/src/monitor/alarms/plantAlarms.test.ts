import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmTagPath } from '@tidegate/alarm/definition/alarmName.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { emptyModel } from '../../model/assets/assetModel.ts';
import { loadAssetModel } from '../../model/assets/loadAssetModel.ts';
import { MemoryHistorian, storedTag } from '../../northbound/testbed/memoryHistorian.ts';
import { AlarmJournal } from './alarmJournal.ts';
import type { JournalRecord } from './journalRecord.ts';
import { loadAlarms } from './loadAlarms.ts';
import { type AttributeFeed, PlantAlarms } from './plantAlarms.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidegate-plant-alarms-'));
afterAll(() => rmSync(directory, { recursive: true }));

const S = 1_000_000;
const START = 1_700_000_000 * S;
const REASONS = 'rationalisation: { cause: c, consequence: c, severity: major, action: a, responseTime: 10min }';
const HIGH = `
alarms:
  - { tag: acme/north/line0/temperature, name: hot, condition: high, limit: 80, deadband: 5, ${REASONS} }
`;
const NO_ATTRIBUTES: AttributeFeed = { watch: () => () => undefined };

let sites = 0;

/** A server with the alarm "hot", and with the tags of a gateway in which that tells of its own alarm "train-1/trip". */
class Site {
  readonly clock = new ManualClock(START as Timestamp);
  readonly historian = new MemoryHistorian([
    storedTag(0),
    storedTag(1, { path: alarmTagPath('station-1', 'train-1/trip'), type: 'string', lane: 'audit' }),
    storedTag(2, { path: alarmTagPath('station-1', 'outside'), type: 'string', lane: 'audit' }),
  ]);
  readonly told: JournalRecord[] = [];
  readonly #path = join(directory, `${++sites}.sqlite`);
  alarms!: PlantAlarms;
  journal!: AlarmJournal;

  async start(texts = HIGH, model = emptyModel()): Promise<this> {
    const journal = AlarmJournal.open(this.#path);
    if (!journal.ok) throw new Error(journal.fault.detail);
    this.journal = journal.value;
    const { clock, historian } = this;
    const ports = { journal: journal.value, historian, attributes: NO_ATTRIBUTES, clock, events: () => undefined };
    const opened = await PlantAlarms.open(ports);
    if (!opened.ok) throw new Error(opened.fault.detail);
    this.alarms = opened.value;
    this.alarms.subscribe((records) => this.told.push(...records));
    this.use(texts, model);
    return this;
  }

  use(texts: string, model = emptyModel()): void {
    const loaded = loadAlarms(new Map([['alarms/a.yaml', texts]]), model, () => ({ unit: 'Cel' }));
    expect(loaded.defects).toEqual([]);
    this.alarms.use(loaded);
  }

  happenings(): string[] {
    return this.told.map(({ alarm, happening }) => `${alarm} ${happening}`);
  }

  stop(): void {
    this.alarms.close();
    this.journal.close();
  }

  async temperature(value: number): Promise<void> {
    await this.clock.advance(1_000);
    this.historian.store([[0, this.clock.now(), value]]);
    await this.clock.advance(200);
  }

  gatewayTells(second: number, happening: string, alarm = 'train-1/trip', tag = 1): void {
    const record = {
      alarm,
      happening,
      state: 'unacknowledged',
      priority: 'high',
      condition: 'discrete',
      message: 'm',
    };
    this.historian.store([[tag, START + second * S, JSON.stringify(record)]]);
  }

  state(name: string): string | undefined {
    return this.alarms.views().find((alarm) => alarm.name === name)?.state;
  }
}

describe('an alarm of the server', () => {
  it('goes through its states, and every step is in the journal', async () => {
    const site = await new Site().start();
    await site.temperature(81);
    expect(site.alarms.operate('hot', { kind: 'acknowledge' }, { by: 'mira', comment: 'seen' }).ok).toBe(true);
    await site.temperature(79);
    expect(site.state('hot')).toBe('acknowledged');
    await site.temperature(74);
    expect(site.told.map(({ happening, value, by }) => [happening, value, by])).toEqual([
      ['activated', 81, undefined],
      ['acknowledged', 81, 'mira'],
      ['returned', 74, undefined],
    ]);
    expect(site.told.map(({ time }) => time)).toEqual([START + S, START + 1.2 * S, START + 3.4 * S]);
    expect(site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, limit: 10 })).toMatchObject({
      value: { records: site.told },
    });
    site.stop();
  });

  it('is what it was after a restart, shelving included', async () => {
    const site = await new Site().start();
    await site.temperature(81);
    site.alarms.operate(
      'hot',
      { kind: 'shelve', forMs: 60_000, oneShot: false },
      { by: 'mira', comment: 'probe loose' },
    );
    site.stop();
    await site.start();
    expect(site.alarms.views()[0]).toMatchObject({
      state: 'shelved',
      by: 'mira',
      comment: 'probe loose',
      active: true,
    });
    await site.clock.advance(61_000);
    expect(site.state('hot')).toBe('unacknowledged');
    site.stop();
  });

  it('is not raised by what is older than what it has seen', async () => {
    const site = await new Site().start();
    await site.temperature(20);
    site.historian.store([[0, START, 99]]);
    expect(site.state('hot')).toBe('normal');
    site.stop();
  });

  it('is not blind after a sample from the future, nor after a restart with one', async () => {
    const site = await new Site().start();
    site.historian.store([[0, START + 86_400 * S, 20]]);
    await site.temperature(81);
    expect(site.state('hot')).toBe('unacknowledged');
    site.stop();
    await site.start();
    site.alarms.operate('hot', { kind: 'acknowledge' }, { by: 'mira' });
    await site.temperature(20);
    await site.temperature(82);
    expect(site.state('hot')).toBe('unacknowledged');
    site.stop();
  });

  it('knows from its start how the plant stands', async () => {
    const site = new Site();
    site.historian.store([[0, START - S, 99]]);
    await site.start();
    expect(site.state('hot')).toBe('unacknowledged');
    site.stop();
  });
});

const NONE = 'alarms: []';
const entry = (fields: string) => `alarms:\n  - { tag: acme/north/line0/temperature, ${fields}, ${REASONS} }\n`;

describe('where alarms are changed', () => {
  it('one that stands and is removed ends in the journal, and begins anew where it comes back', async () => {
    const site = await new Site().start();
    await site.temperature(81);
    site.use(NONE);
    expect(site.told.at(-1)).toMatchObject({ happening: 'out-of-service', condition: 'removed' });
    expect(site.alarms.views()).toEqual([]);
    await site.temperature(20);
    site.use(HIGH);
    expect(site.state('hot')).toBe('normal');
    expect(site.happenings()).toEqual(['hot activated', 'hot out-of-service']);
    site.stop();
  });

  it('one that stands and is removed while the server is down ends in the journal once', async () => {
    const site = await new Site().start();
    await site.temperature(81);
    site.stop();
    for (let start = 0; start < 2; start++) {
      await site.start(NONE);
      site.stop();
    }
    await site.start(NONE);
    const page = site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, limit: 10 });
    expect(page.ok && page.value.records.map(({ happening }) => happening)).toEqual(['activated', 'out-of-service']);
    site.stop();
  });

  it('a delay that has begun goes on', async () => {
    const site = await new Site().start(entry('name: hot, condition: high, limit: 80, onDelay: 60s'));
    await site.temperature(81);
    for (let second = 0; second < 60; second += 2) {
      await site.clock.advance(2_000);
      site.use(entry('name: hot, condition: high, limit: 80, onDelay: 60s'));
    }
    expect(site.state('hot')).toBe('unacknowledged');
    site.stop();
  });

  it('the silence of a tag lasts, also over a restart', async () => {
    const stale = entry('name: silent, condition: stale, for: 60s');
    const site = await new Site().start(stale);
    await site.temperature(20);
    for (let second = 0; second < 61; second += 2) {
      await site.clock.advance(2_000);
      site.use(stale);
    }
    expect(site.state('silent')).toBe('unacknowledged');
    site.stop();
    await site.start(stale);
    await site.clock.advance(1_000);
    expect(site.state('silent')).toBe('unacknowledged');
    expect(site.happenings()).toEqual(['silent activated']);
    await site.temperature(21);
    expect(site.state('silent')).toBe('returned-unacknowledged');
    site.stop();
  });

  it('one of an asset that is renamed stands as it stood', async () => {
    const texts = `alarms:\n  - { asset: "1", tag: acme/north/line0/temperature, name: hot, condition: high, limit: 80, ${REASONS} }\n`;
    const modelOf = async (path: string, formerPaths: readonly string[]) => {
      const assets = new Map([['assets/a.yaml', `assets:\n  - { id: "1", path: ${path} }\n`]]);
      const { model } = await loadAssetModel(assets, { formerPaths: new Map([['1', formerPaths]]) });
      return model;
    };
    const site = await new Site().start(texts, await modelOf('acme/old', []));
    await site.temperature(81);
    site.alarms.operate('acme/old/hot', { kind: 'acknowledge' }, { by: 'mira' });
    const renamed = await modelOf('acme/new', ['acme/new', 'acme/old']);
    site.use(texts, renamed);
    expect(site.alarms.views()).toMatchObject([{ name: 'acme/new/hot', state: 'acknowledged', by: 'mira' }]);
    expect(site.told.at(-1)).toMatchObject({ alarm: 'acme/old/hot', message: 'the alarm is called acme/new/hot now' });
    site.stop();
    await site.start(texts, renamed);
    expect(site.state('acme/new/hot')).toBe('acknowledged');
    site.stop();
  });
});

it('an alarm may be called like what every object has', async () => {
  const site = await new Site().start(entry('name: constructor, condition: high, limit: 80'));
  for (const value of [81, 20]) await site.temperature(value);
  site.alarms.operate('constructor', { kind: 'acknowledge' }, { by: 'mira' });
  expect(site.happenings()).toHaveLength(3);
  site.stop();
});

it('what happens twice within one time of a device is told twice', async () => {
  const site = await new Site().start();
  for (const value of [81, 20, 82, 20]) site.historian.store([[0, START + S, value]]);
  await site.clock.advance(200);
  expect(site.happenings()).toEqual(['hot activated', 'hot returned', 'hot activated', 'hot returned']);
  site.stop();
});

describe('an alarm of a gateway', () => {
  it('is shown, and not acknowledged here', async () => {
    const site = await new Site().start();
    site.gatewayTells(5, 'activated');
    await site.clock.advance(200);
    expect(site.told).toMatchObject([{ origin: 'station-1', alarm: 'train-1/trip', time: START + 5 * S }]);
    expect(site.alarms.operate('train-1/trip', { kind: 'acknowledge' }, { by: 'mira' })).toMatchObject({
      fault: { code: 'alarm.elsewhere' },
    });
    expect(site.alarms.operate('train-1/trap', { kind: 'acknowledge' }, { by: 'mira' })).toMatchObject({
      fault: { code: 'alarm.unknown' },
    });
    site.stop();
  });

  it('is in the journal once, also what was told while the server was down', async () => {
    const site = await new Site().start();
    site.gatewayTells(1, 'activated');
    site.stop();
    for (const second of [2, 3, 4]) site.gatewayTells(second, second % 2 === 0 ? 'returned' : 'activated');
    await site.start();
    site.gatewayTells(4, 'returned');
    await site.clock.advance(200);
    const page = site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, origin: 'station-1', limit: 10 });
    expect(page.ok && page.value.records.map(({ time }) => (time - START) / S)).toEqual([1, 2, 3, 4]);
    site.stop();
  });

  it('is in the journal though the clock of the gateway was set back while the server was down', async () => {
    const site = await new Site().start();
    site.gatewayTells(3_600, 'activated');
    site.stop();
    site.gatewayTells(60, 'returned');
    await site.start();
    const page = site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, origin: 'station-1', limit: 10 });
    expect(page.ok && page.value.records.map(({ happening }) => happening)).toEqual(['returned', 'activated']);
    site.stop();
  });

  it('is shown as it stands where several records have one time, also after a restart', async () => {
    const site = await new Site().start();
    for (const happening of ['returned', 'activated']) site.gatewayTells(5, happening);
    for (let start = 0; start < 2; start++) {
      await site.clock.advance(200);
      expect(site.alarms.views().at(-1)).toMatchObject({ name: 'train-1/trip', active: true });
      site.stop();
      await site.start();
    }
    site.stop();
  });

  it('is not shown any more where it is configured no more', async () => {
    const site = await new Site().start();
    site.gatewayTells(5, 'activated');
    const removed = { happening: 'out-of-service', state: 'out-of-service', priority: 'journal', condition: 'removed' };
    site.historian.store([[2, START + 6 * S, JSON.stringify({ alarm: 'train-1/trip', ...removed, message: '' })]]);
    await site.clock.advance(200);
    expect(site.told).toHaveLength(2);
    expect(site.state('train-1/trip')).toBeUndefined();
    site.stop();
  });

  it('of which many come by one tag, each is in the journal once', async () => {
    const site = await new Site().start();
    site.gatewayTells(1, 'activated', 'plc/a', 2);
    site.gatewayTells(9, 'activated', 'plc/b', 2);
    site.stop();
    site.gatewayTells(5, 'returned', 'plc/a', 2);
    site.gatewayTells(6, 'activated', 'plc/c', 2);
    site.historian.store([[2, START + 20 * S, null]]);
    await site.start();
    const page = site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, limit: 10 });
    expect(page.ok && page.value.records.map(({ alarm, time }) => `${alarm} ${(time - START) / S}`)).toEqual([
      'plc/a 1',
      'plc/a 5',
      'plc/c 6',
      'plc/b 9',
    ]);
    site.stop();
  });

  it.each(['', '{', '[]', '{"alarm":1}', JSON.stringify({ alarm: 'x'.repeat(5_000) })])(
    'and %j is no record',
    async (text) => {
      const site = await new Site().start();
      site.historian.store([[1, START, text]]);
      await site.clock.advance(200);
      expect(site.told).toEqual([]);
      site.stop();
    },
  );
});

it('loses none of a thousand alarms a second, and keeps their order', async () => {
  const ALARMS = 1_000;
  const texts = `alarms:\n${Array.from({ length: ALARMS }, (_, at) => `  - { tag: acme/north/line0/temperature, name: n${at}, condition: high, limit: ${at}, ${REASONS} }`).join('\n')}`;
  const site = await new Site().start(texts);
  const SECONDS = 10;
  for (let second = 0; second < SECONDS; second++) {
    site.historian.store([[0, START + second * S, second % 2 === 0 ? 5_000 : -1]]);
    await site.clock.advance(1_000);
  }
  expect(site.told).toHaveLength(ALARMS * SECONDS);
  expect(site.told.every(({ time }, at) => at === 0 || time >= site.told[at - 1].time)).toBe(true);
  const page = site.journal.page({ start: 0, end: Number.POSITIVE_INFINITY, limit: 2 * ALARMS * SECONDS });
  expect(page.ok && page.value.records).toEqual(site.told);
  site.stop();
});
