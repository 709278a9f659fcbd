/** Equipment health as people and programs meet it, over HTTP: a seal that leaks, from the first model to the finding. */

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlantHealth } from '../monitor/health/plantHealth.ts';
import { HealthCaseDetail, HealthCaseList } from './contract/healthCase.ts';
import { HealthEvidence } from './contract/healthEvidence.ts';
import { FeatureExport, HealthLabels, HealthLedger } from './contract/healthLedger.ts';
import { HealthModelCard, HealthModelDocument, HealthModelList } from './contract/healthModel.ts';
import { HealthWatchDetail, HealthWatchList } from './contract/healthWatch.ts';
import type { AnyJson, HistorianDoor } from './testbed/historianDoor.ts';
import { DAY, type LeakingSeal, openLeakingSeal, START } from './testbed/leakingSeal.ts';
import { RunningDoor } from './testbed/runningDoor.ts';

/** The least that is a PNG: its signature. */
const PHOTO = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

let seal: LeakingSeal;
let door: HistorianDoor;
let health: PlantHealth;
let clock: LeakingSeal['clock'];
beforeAll(async () => {
  seal = await openLeakingSeal();
  ({ door, health, clock } = seal);
});
afterAll(() => seal.stop());

const operateOn = async (path: string, body: object): Promise<AnyJson> => {
  const response = await door.post(path, { by: 'mira', ...body });
  return { status: response.status, ...((await response.json()) as object) };
};
const onCase = (body: object) => operateOn('/health/cases/operations', { number: 1, ...body });
const sendPhoto = async (bytes: Uint8Array<ArrayBuffer>, type = 'image/png') => {
  const url = `${door.url}/api/v1/health/cases/photos?number=1&by=mira`;
  const sent = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: bytes });
  return { status: sent.status, ...((await sent.json()) as AnyJson) };
};

describe('watches', () => {
  it('are listed with how they stand', async () => {
    const list = await door.json('/health/watches');
    expect(HealthWatchList.parse(list)).toEqual(list);
    expect(list).toMatchObject({
      watches: [
        { id: 'P1/seal', asset: { id: 'P1', path: 'acme/p1' }, state: 'scoring', why: null, model: 1, drifting: true },
        { id: 'acme/p2/seal', state: 'blind', model: null, score: null, life: null },
      ],
      counts: { scoring: 1, blind: 1, learning: 0, alarming: 1, all: 2 },
    });
    const [{ score, threshold, features, life, openCase }, { why }] = list.watches;
    expect(score).toBeGreaterThan(threshold);
    expect(features).toMatchObject([
      { name: 'flow', since: null, step: null },
      { name: 'leak', limit: { at: 60, side: 'high' } },
    ]);
    expect(features[1].evidence).toBeGreaterThan(1);
    expect(life).toEqual(features[1].life);
    expect(openCase).toBe(1);
    expect(why).toContain('acme/p2/flow');
    const only = async (query: string) => {
      const { watches } = await door.json(`/health/watches?${query}`);
      return watches.map(({ id }: { id: string }) => id);
    };
    expect(await only('state=blind')).toEqual(['acme/p2/seal']);
    expect(await only('asset=P1')).toEqual(['P1/seal']);
    expect(await only('asset=acme/*2')).toEqual(['acme/p2/seal']);
    expect(await only('asset=acme')).toHaveLength(2);
  });

  it('one tells what was learned, by its id and by its path', async () => {
    const watch = await door.json('/health/watch?watch=P1/seal');
    expect(HealthWatchDetail.parse(watch)).toEqual(watch);
    expect(await door.json('/health/watch?watch=acme/p1/seal')).toEqual(watch);
    expect(watch).toMatchObject({
      ...{ intervalSeconds: 600, learnDays: 4, budget: { alarms: 1, perDays: 365 }, condition: null },
      definitions: [{ name: 'flow' }, { name: 'leak', negligible: 0.5, leftOut: false }],
      failures: [{ name: 'worn-seal', signs: [{ feature: 'leak', goes: 'up' }] }],
      report: { modes: 1, leftOut: [] },
      excluded: [{ reason: 'case 1, not closed yet' }],
      site: { access: 'key at the gate' },
    });
    expect(watch.modelDrift.says.join()).toContain('leak');
  });

  it('that there are not are answered with those that come near', async () => {
    for (const path of ['/health/watch?', '/health/models?', '/health/evidence?', '/health/labels?']) {
      const refused = await door.json(`${path}watch=acme/p1/saal`);
      expect(refused).toMatchObject({ status: 404, code: 'health.watch-unknown' });
      expect(refused.suggestions[0]).toBe('acme/p1/seal');
    }
  });
});

describe('a case', () => {
  it('is ranked with the reason, and has all that somebody needs who drives out', async () => {
    const list = await door.json('/health/cases');
    expect(HealthCaseList.parse(list)).toEqual(list);
    expect(list).toMatchObject({
      cases: [{ number: 1, rank: 1, severity: 'major', failure: 'worn-seal', watch: { id: 'P1/seal', name: 'seal' } }],
      counts: { open: 1, ordered: 0, snoozed: 0, closed: 0 },
      total: 1,
    });
    expect(list.cases[0].rankReason).toContain('major');
    expect((await door.json('/status')).healthRevision).toBe(list.revision);
    const whole = await door.json('/health/case?number=1');
    expect(HealthCaseDetail.parse(whole)).toEqual(whole);
    expect(whole).toMatchObject({
      ...{ action: 'change the seal', bring: ['a seal', 'a puller'], ports: ['files'], finding: null },
      isolations: expect.arrayContaining(['close both valves', 'lock out the motor']),
      site: { where: 'the hall at the river' },
      reasons: { signs: [{ feature: 'leak', proven: true, limit: 60 }] },
    });
    expect(whole.history[0]).toMatchObject({ what: 'opened', by: 'tidegate' });
    expect(await door.json('/health/case?number=2')).toMatchObject({ status: 404, code: 'health.case-unknown' });
  });

  it('shows its evidence in columns of one length', async () => {
    const evidence = await door.json('/health/evidence?number=1&points=100');
    expect(HealthEvidence.parse(evidence)).toEqual(evidence);
    const { times, quality, score, signs, damage, threshold } = evidence;
    expect(times.length).toBeLessThanOrEqual(100);
    const columns = [
      quality,
      score,
      ...signs.flatMap((sign: AnyJson) => [sign.mean, sign.least, sign.greatest, sign.level]),
    ];
    for (const column of [...columns, damage[0].values]) expect(column).toHaveLength(times.length);
    expect(signs.map(({ feature }: AnyJson) => feature)).toEqual(['leak', 'flow']);
    const [{ normal, trend, since, mean }] = signs;
    expect(normal.low).toBeLessThan(normal.at);
    expect(trend.values).toEqual([normal.at, expect.any(Number), 60]);
    expect(trend.times[0]).toBe(since);
    expect((trend.times[2] - trend.times[1]) / DAY).toBeCloseTo(signs[0].life.medianDays);
    expect(mean.at(-1)).toBeGreaterThan(20);
    expect(Math.max(...score)).toBeGreaterThan(threshold);
    expect(damage[0]).toMatchObject({ name: 'shaft', cause: 'thermal cycling' });
    const days = await door.json('/health/evidence?watch=P1/seal&start=*-2d&points=2');
    expect(days).toMatchObject({ number: null, pointSeconds: 86_400, times: [START + 6 * DAY, START + 7 * DAY] });
    expect(days.signs[0].mean[0]).toBeCloseTo(17, 0);
    expect(days.signs[0].mean[1]).toBeCloseTo(25, 0);
  });

  it.each([
    ['neither a case nor a watch', '', 'number'],
    ['both', 'number=1&watch=P1/seal', 'number'],
    ['an end before the start', 'number=1&start=*&end=*-1d', 'start'],
    ['too many points', 'number=1&points=100000', 'points'],
  ])('has no evidence for %s', async (_what, query, field) => {
    expect(await door.json(`/health/evidence?${query}`)).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it('has no evidence for more rows than can be gone through', async () => {
    const asked = '/health/evidence?watch=P1/seal&start=1990-01-01T00:00:00Z';
    expect(await door.json(asked)).toMatchObject({ code: 'history.too-much' });
  });
});

describe('photos', () => {
  it('come back as they were sent, and nothing in them runs', async () => {
    const sent = await sendPhoto(PHOTO);
    expect(sent).toMatchObject({ status: 200, mediaType: 'image/png', bytes: PHOTO.length, by: 'mira' });
    const photo = await door.get(`/health/photo?number=1&photo=${sent.photo}`);
    expect(new Uint8Array(await photo.arrayBuffer())).toEqual(PHOTO);
    expect(photo.headers.get('content-type')).toBe('image/png');
    expect(photo.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(photo.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await door.json('/health/case?number=1')).photos).toMatchObject([{ photo: sent.photo }]);
  });

  it.each([
    ['a page that is called an image', new TextEncoder().encode('<script>'), 'image/png', 'health.photo-refused'],
    ['nothing', new Uint8Array(0), 'image/jpeg', 'health.photo-refused'],
    ['another kind of content', PHOTO, 'image/svg+xml', 'request.media-type'],
    ['JSON', new TextEncoder().encode('{}'), 'application/json', 'request.media-type'],
    ['more bytes than a photo may have', new Uint8Array(16 * 1024 * 1024), 'image/png', 'request.too-large'],
  ])('%s is refused', async (_what, bytes, type, code) => {
    expect(await sendPhoto(bytes, type)).toMatchObject({ code });
  });

  it('of other cases, and files of the server, are not there', async () => {
    for (const name of ['..%2F..%2Fhealth-cases.sqlite', `${'0'.repeat(64)}.png`]) {
      expect(await door.json(`/health/photo?number=1&photo=${name}`)).toMatchObject({ code: 'health.photo-unknown' });
    }
  });

  it('are bytes that no other address takes', async () => {
    const url = `${door.url}/api/v1/health/cases/operations`;
    const sent = await fetch(url, { method: 'POST', headers: { 'content-type': 'image/png' }, body: PHOTO });
    expect(await sent.json()).toMatchObject({ code: 'request.media-type' });
  });
});

describe('models', () => {
  it('are listed, shown with their card, and kept as a document', async () => {
    const list = await door.json('/health/models?watch=P1/seal');
    expect(HealthModelList.parse(list)).toEqual(list);
    expect(list.models).toMatchObject([{ number: 1, state: 'active', by: 'Tidegate', fits: true }]);
    const card = await door.json('/health/model?watch=P1/seal&number=1');
    expect(HealthModelCard.parse(card)).toEqual(card);
    expect(card).toMatchObject({ features: ['flow', 'leak'], excluded: [], changes: [{ state: 'active' }] });
    const document = await door.get('/health/model/document?watch=P1/seal&number=1');
    expect(document.headers.get('content-disposition')).toBe('attachment; filename="P1-seal-1.json"');
    const [flow, leak] = ['flow', 'leak'].map((name) => ({ name, of: `'${name}'`, tag: `acme/p1/${name}` }));
    const features = [
      { ...flow, measure: 'average', unit: 'm3/h' },
      { ...leak, measure: 'average', unit: 'L/h' },
    ];
    const rows = { condition: null, features };
    expect(HealthModelDocument.parse(await document.json())).toEqual({ card, rows, profile: expect.any(Object) });
    expect(await door.json('/health/model?watch=P1/seal&number=9')).toMatchObject({ code: 'health.model-unknown' });
  });

  it('are learned while others are answered, compared, promoted and retired', async () => {
    const models = (body: object) => operateOn('/health/models/operations', { watch: 'acme/p1/seal', ...body });
    const times = {
      start: new Date(START / 1_000).toISOString(),
      end: new Date(START / 1_000 + 5 * 86_400e3).toISOString(),
    };
    const begun = await models({ operation: 'learn', ...times });
    expect(begun).toMatchObject({ status: 200, watch: 'P1/seal', models: [{ number: 1 }] });
    expect(await models({ operation: 'learn' })).toMatchObject({ status: 429, code: 'health.learning-busy' });
    expect((await door.json('/health/watch?watch=P1/seal')).learning).toMatchObject({ by: 'mira', underWay: true });
    await expect.poll(() => health.trainer.learning('P1/seal'), { timeout: 8_000 }).toBeUndefined();
    expect(await models({ operation: 'promote', number: 2, comment: 'a day more' })).toMatchObject({
      models: [
        { number: 2, state: 'active', by: 'mira' },
        { number: 1, state: 'retired' },
      ],
    });
    expect((await models({ operation: 'retire', number: 2 })).done).toBe('Model 2 of P1/seal is retired.');
    expect((await models({ operation: 'promote', number: 1 })).models[1].state).toBe('active');
    expect(await models({ operation: 'promote' })).toMatchObject({ status: 400, errors: [{ field: 'number' }] });
    expect(await models({ operation: 'retire', number: 7 })).toMatchObject({ code: 'health.model-unknown' });
    expect(await models({ operation: 'learn', start: '*', end: '*-1d' })).toMatchObject({
      errors: [{ field: 'start' }],
    });
  });
});

it('a model that was learned with other features gets no voice', async () => {
  const card = health.models.get('P1/seal', 1);
  const learned = health.models.artefact('P1/seal', 1);
  if (!card.ok || !learned.ok) throw new Error('the first model cannot be read');
  const { profile, seen } = learned.value;
  const other = { ...card.value.card, featureVersion: 'of last year' };
  const model = {
    watch: 'P1/seal',
    by: 'ada',
    learnedAt: clock.now(),
    card: other,
    profile: profile.toJson(),
    seen,
  };
  const added = health.models.add(model);
  const number = added.ok ? added.value.number : 0;
  const asked = { watch: 'P1/seal', operation: 'promote', number };
  expect(await operateOn('/health/models/operations', asked)).toMatchObject({
    status: 409,
    code: 'health.model-unfit',
  });
  expect((await door.json('/health/models?watch=P1/seal')).models[0]).toMatchObject({ number, fits: false });
});

it('a shadow that cannot judge is told with the reason', async () => {
  const learned = health.models.get('P1/seal', 1);
  if (!learned.ok) throw new Error(learned.fault.detail);
  const { card, watch } = learned.value;
  const added = health.models.add({ watch, card, by: 'ada', learnedAt: clock.now(), profile: {}, seen: {} as never });
  await health.scorer.settle();
  const model = added.ok ? added.value.number : 0;
  const told = await door.json('/health/watch?watch=P1/seal');
  expect(told.shadows).toContain(model);
  expect(told.brokenShadows).toEqual([{ model, why: expect.stringContaining(`Model ${model}`) }]);
});

describe('a model that was learned elsewhere', () => {
  const brings = async (asked: string, bytes: Uint8Array<ArrayBuffer>) => {
    const url = `${door.url}/api/v1/health/models/imports?watch=P1/seal&by=ada&file=far.onnx&comment=by+hand${asked}`;
    const sent = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/onnx' }, body: bytes });
    return { status: sent.status, ...((await sent.json()) as AnyJson) };
  };
  const vectors = new URL('../monitor/health/models/onnx/vectors/', import.meta.url);
  const file = async (name: string) => new Uint8Array(await readFile(new URL(name, vectors)));

  it('is refused where it does not fit, with the reason', async () => {
    const refused = { status: 422, code: 'health.onnx-refused', detail: expect.stringContaining('flow, leak') };
    expect(await brings('', await file('three-features.onnx'))).toMatchObject(refused);
    expect(await brings('&stranger=left', PHOTO)).toMatchObject({ status: 400 });
    expect(await brings('', new Uint8Array(17 * 1024 * 1024))).toMatchObject({ code: 'request.too-large' });
  });

  it('becomes a shadow with a card that says where it is from, and can be had back', async () => {
    const bytes = await file('reconstruction.onnx');
    const begun = await brings('&output=error', bytes);
    expect(begun).toMatchObject({ status: 200, done: expect.stringContaining('far.onnx can judge flow, leak') });
    await expect.poll(() => health.trainer.learning('P1/seal'), { timeout: 20_000 }).toBeUndefined();
    const [{ number, state, file: name }] = (await door.json('/health/models?watch=P1/seal')).models;
    expect({ state, name }).toEqual({ state: 'shadow', name: 'far.onnx' });
    const document = await door.json(`/health/model/document?watch=P1/seal&number=${number}`);
    expect(HealthModelDocument.parse(document)).toEqual(document);
    const ends = { input: 'rows', output: 'error', stranger: 'higher' };
    expect(document.card.onnx).toMatchObject({ file: 'far.onnx', comment: 'by hand', ...ends });
    expect(Buffer.from(document.onnx, 'base64').equals(bytes)).toBe(true);
  });
}, 30_000);

describe('the loop', () => {
  it('goes from the case by an order to a finding, a label and the ledger', async () => {
    expect(await onCase({ operation: 'snooze', until: '*+2d', comment: 'no road' })).toMatchObject({
      snoozedUntil: clock.now() + 2 * DAY,
    });
    expect((await door.json('/health/cases')).cases).toEqual([]);
    expect((await door.json('/health/cases?show=snoozed')).cases).toMatchObject([{ number: 1, rank: 1 }]);
    expect(await onCase({ operation: 'wake', comment: 'road is free' })).toMatchObject({ snoozedUntil: null });
    const ordered = await onCase({ operation: 'order', comment: 'with the next trip' });
    expect(ordered).toMatchObject({
      state: 'ordered',
      orders: [{ port: 'files', by: 'mira', comment: 'with the next trip' }],
    });
    const { photo } = await sendPhoto(PHOTO);
    const finding = { outcome: 'confirmed', failure: 'worn-seal', repaired: true, photos: [photo], at: '*-1h' };
    expect(await onCase({ operation: 'find', comment: 'lip is torn', ...finding })).toMatchObject({
      outcome: 'confirmed',
      finding: { ...finding, notes: 'lip is torn', by: 'mira', at: clock.now() - 3_600e6, failedAt: null },
    });
    expect(await onCase({ operation: 'close' })).toMatchObject({ state: 'closed', rank: null, closedAt: clock.now() });
    expect(await door.json('/health/cases?show=closed')).toMatchObject({
      cases: [{ number: 1, outcome: 'confirmed' }],
      counts: { open: 0, ordered: 0, snoozed: 0, closed: 1 },
      total: 1,
    });
    const labels = await door.json('/health/labels?watch=P1/seal');
    expect(HealthLabels.parse(labels)).toEqual(labels);
    expect(labels.labels).toMatchObject([{ number: 1, failure: 'worn-seal', by: 'mira', asset: { path: 'acme/p1' } }]);
    const ledger = await door.json('/health/ledger');
    expect(HealthLedger.parse(ledger)).toEqual(ledger);
    expect(ledger).toMatchObject({ opened: 1, confirmed: 1, precision: { share: 1 }, watches: [{ watch: 'P1/seal' }] });
    expect(ledger.lead.medianDays).toBeGreaterThan(1);
    expect((await door.json('/health/watch?watch=P1/seal')).excluded).toMatchObject([
      { reason: 'before the repair of case 1' },
    ]);
    const said = await onCase({ operation: 'comment', comment: 'the shaft is scored, too' });
    expect(said.history.at(-1)).toMatchObject({ what: 'commented', by: 'mira', why: 'the shaft is scored, too' });
    expect(await onCase({ operation: 'undo' })).toMatchObject({ state: 'ordered', outcome: 'confirmed' });
  });

  it.each([
    ['nobody', { operation: 'close', by: ' ' }, 'by'],
    ['snoozing without an end', { operation: 'snooze', comment: 'x' }, 'until'],
    ['a finding without an outcome', { operation: 'find' }, 'outcome'],
    ['what cannot be done', { operation: 'forget' }, 'operation'],
  ])('%s is refused with the field that is wrong', async (_what, body, field) => {
    expect(await onCase(body)).toMatchObject({ status: 400, errors: [{ field }] });
  });

  it.each([
    ['what does not go with how it stands', { operation: 'reopen', comment: 'x' }, 'health.case-state'],
    ['a port that there is not', { operation: 'order', port: 'sap' }, 'health.case-refused'],
    ['an empty comment', { operation: 'comment', comment: ' ' }, 'health.case-refused'],
    ['a case that there is not', { number: 8, operation: 'close', comment: 'x' }, 'health.case-unknown'],
  ])('%s is refused', async (_what, body, code) => {
    expect(await onCase(body)).toMatchObject({ code });
  });

  it('a set of features lies in the folder of exports, with a card', async () => {
    const set = await operateOn('/health/exports', { watch: 'acme/p1/seal', start: '*-2d' });
    expect(FeatureExport.parse(set)).toMatchObject({ watch: 'P1/seal', rows: 288 });
    expect(set.file.startsWith(health.exportDirectory)).toBe(true);
    const card = JSON.parse(await readFile(set.card, 'utf8'));
    expect(card).toMatchObject({ rows: 288, labels: [{ label: 'worn-seal' }] });
    const future = await operateOn('/health/exports', { watch: 'P1/seal', start: '*', end: '*-1d' });
    expect(future).toMatchObject({ status: 400, errors: [{ field: 'start' }] });
  });
});

it('a server without health says so at every address', async () => {
  const bare = await RunningDoor.open();
  for (const path of ['/health/watches', '/health/cases', '/health/lives', '/health/lives/x', '/health/ledger']) {
    expect(await bare.json(path)).toMatchObject({ code: 'model.none' });
  }
  expect(await bare.json('/status')).toMatchObject({ healthRevision: null });
  await bare.stop();
});
