import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkOnnx } from './onnxCheck.ts';
import { onnxFromJson, onnxToJson, type StrangerSide } from './onnxModel.ts';
import type { OnnxEnds } from './onnxOrder.ts';
import { OnnxRoom } from './onnxRoom.ts';
import { brought, columnsOf, EXPECTED, FEATURES, kept, vector } from './testbed/vectors.ts';

const room = new OnnxRoom();
afterAll(() => room.close());

async function scores(name: string, columns: readonly Float64Array[], stranger: StrangerSide = 'higher') {
  const given = await room.score(kept(name, stranger), FEATURES, columns);
  if (!given.ok) throw new Error(given.fault.detail);
  return Array.from(given.value);
}

const columns = columnsOf(EXPECTED.rows);

describe('a model of another tool', () => {
  it.each([
    ['forest', 'lower', EXPECTED.forest.map((score) => -score)],
    ['forest', 'higher', EXPECTED.forest],
    ['reconstruction', 'higher', EXPECTED.reconstruction],
  ] as const)('%s says the same here, where %s is stranger', async (name, stranger, expected) => {
    const given = await scores(name, columns, stranger);
    for (const [row, score] of given.entries()) expect(Math.abs(score - expected[row])).toBeLessThan(1e-5);
  });

  it('a row with a value missing has no score, and the others have theirs', async () => {
    const [flow, leak] = columns.map((column) => Float64Array.from(column));
    flow[3] = Number.NaN;
    leak[5] = Number.POSITIVE_INFINITY;
    const [whole, given] = [await scores('forest', columns), await scores('forest', [flow, leak])];
    expect(given).toEqual(whole.map((score, row) => (row === 3 || row === 5 ? Number.NaN : score)));
  });

  it('rows in any number are the same as one by one', async () => {
    const many = columns.map((column) => Float64Array.from({ length: 1_201 }, (_, row) => column[row % column.length]));
    const whole = await scores('reconstruction', columns);
    expect(await scores('reconstruction', many)).toEqual(Array.from(many[0], (_, row) => whole[row % whole.length]));
    expect(await scores('reconstruction', [new Float64Array(0), new Float64Array(0)])).toEqual([]);
  });

  it('one that takes a single row has them one after the other', async () => {
    expect(
      await scores(
        'one-row',
        columnsOf([
          [1, 2],
          [3, 4],
        ]),
      ),
    ).toEqual([3, 7]);
  });

  it('where it gives no number there is no score', async () => {
    expect(
      await scores(
        'root',
        columnsOf([
          [100, 9],
          [100, 4],
        ]),
      ),
    ).toEqual([2, Number.NaN]);
  });

  it('is tried when it is brought, and the same after it was kept as JSON', async () => {
    const model = await checkOnnx(brought('forest', { stranger: 'lower' }), FEATURES);
    expect(model).toEqual({ ok: true, value: kept('forest', 'lower') });
    const json = JSON.parse(JSON.stringify(onnxToJson(kept('forest', 'lower'))));
    expect(onnxFromJson(json)).toEqual({ ok: true, value: kept('forest', 'lower') });
    expect(onnxFromJson({ ...json, bytes: '%' })).toMatchObject({ ok: false, fault: { code: 'health.bad-data' } });
  });
});

describe('a file that does not fit is refused with a reason', () => {
  const open = (bytes: Uint8Array, key: string, ends: OnnxEnds) =>
    room.open({ kind: 'open', key, bytes, ends, features: FEATURES });
  const expected = /Expected is one input of float32 \[rows, 2\]: flow, leak/;
  it.each([
    ['three-features', {}, expected],
    ['two-inputs', {}, expected],
    ['integers', {}, /takes no floating-point numbers/],
    ['label', {}, /None of its outputs label \(int64 \[\?\]\) is a score/],
    ['one-number', {}, /one score for each is expected/],
    ['per-feature', {}, /gives float32 \[2,2\] for 2 rows/],
    ['two-scores', {}, /Which of its outputs score .*calm .* is the score has to be said/],
    ['forest', { input: 'rows' }, /no input rows; its input is X \(float32 \[\?, 2\]\)/],
    ['forest', { output: 'label' }, /label \(int64 \[\?, 1\]\) is no score/],
    ['forest', { output: 'other' }, /no output other; its outputs are label/],
  ] as const)('%s', async (name, ends, says) => {
    const detail = expect.stringMatching(says);
    const refused = await open(vector(name), name, ends);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'health.onnx-refused', detail } });
  });

  it.each([
    ['no bytes', 0, /^0 bytes are none/],
    ['too many', 17 * 1024 * 1024, /to 16 MiB/],
    ['nothing but zeros', 100, /no ONNX model/],
  ])('%s', async (_what, length, says) => {
    const detail = expect.stringMatching(says);
    const refused = await checkOnnx(brought('forest', { bytes: new Uint8Array(length) }), FEATURES);
    expect(refused).toMatchObject({ ok: false, fault: { code: 'health.onnx-refused', detail } });
  });

  it('its score can be chosen', async () => {
    const ends = { input: 'rows', output: 'calm' };
    expect(await open(vector('two-scores'), 'two-scores', { output: 'calm' })).toEqual({ ok: true, value: ends });
  });

  it('damaged bytes are, and what comes after them works', async () => {
    const whole = vector('reconstruction');
    const damage = fc.oneof(
      fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
      fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        return whole.map((byte, index) => (index === at ? byte ^ flip : byte));
      }),
      fc.uint8Array({ minLength: 1, maxLength: 500 }),
    );
    let count = 0;
    const answered = fc.asyncProperty(damage, async (bytes) => {
      const opened = await open(bytes, `damaged ${count++}`, {});
      // A flip may be in a name or in a number: then it is another model.
      expect(opened.ok || opened.fault.code).toSatisfy((code) => code === true || code === 'health.onnx-refused');
    });
    await fc.assert(answered, { numRuns: 60, seed: 4 });
    expect(await open(whole, 'whole', {})).toEqual({ ok: true, value: { input: 'rows', output: 'error' } });
  });
});

describe('a model that does harm', () => {
  const strict = new OnnxRoom({ openMs: 60_000, batchMs: 1_500 });
  afterAll(() => strict.close());
  const wild = columnsOf([[2_000, 5]]);

  it.each([
    ['endless', /It took more than 1\.5 s/],
    ['growing', /./],
  ])('%s is ended, and others judge on', async (name, says) => {
    const model = kept(name);
    const calm = columnsOf([[100, 5]]);
    expect(await strict.score(model, FEATURES, calm)).toEqual({ ok: true, value: Float64Array.of(105) });
    const before = process.memoryUsage.rss();
    const detail = expect.stringMatching(says);
    expect(await strict.score(model, FEATURES, wild)).toMatchObject({ ok: false, fault: { detail } });
    expect(process.memoryUsage.rss() - before).toBeLessThan(900e6);
    expect(await strict.score(kept('reconstruction'), FEATURES, calm)).toMatchObject({ ok: true });
  });

  it('nobody else waits for it', async () => {
    const model = kept('endless');
    await strict.score(model, FEATURES, columnsOf([[100, 5]]));
    const asked = strict.score(model, FEATURES, wild);
    let [turns, isOver] = [0, false];
    void asked.then(() => {
      isOver = true;
    });
    for (; !isOver; turns++) await new Promise((resolve) => setImmediate(resolve));
    expect(await asked).toMatchObject({ ok: false });
    expect(turns).toBeGreaterThan(1_000);
  });
});

it('where what runs models is not installed, it is said what to install', () => {
  const absent = `import { registerHooks } from 'node:module';
    registerHooks({ resolve: (name, context, next) => next(name.replace('onnxruntime-web', 'not-installed'), context) });`;
  const program = `(async () => { const { OnnxRoom } = await import(${JSON.stringify(new URL('onnxRoom.ts', import.meta.url).href)});
    const order = { kind: 'open', key: 'a', bytes: new Uint8Array(9), ends: {}, features: ['flow'] };
    const room = new OnnxRoom();
    process.stdout.write(JSON.stringify(await room.open(order)));
    await room.close(); })();`;
  const hooks = `data:text/javascript,${encodeURIComponent(absent)}`;
  const said = execFileSync(process.execPath, ['--import', hooks, '-e', program], {
    encoding: 'utf8',
  });
  const detail = 'The package onnxruntime-web is not installed beside the server.';
  expect(JSON.parse(said)).toEqual({ ok: false, fault: { code: 'health.onnx-missing', detail } });
});
