import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import { GatewayHealth } from '@tidegate/edge/conditioning/health/gatewayHealth.ts';
import { pumpMinutes, pumpProfile, START_US } from '@tidegate/edge/conditioning/health/testbed/pump.ts';
import { RowRecorder } from '@tidegate/edge/conditioning/health/testbed/rowRecorder.ts';
import { blockOf, RecordingLane, type Row } from '@tidegate/edge/conditioning/testbed/recordingLane.ts';
import { runOf } from '@tidegate/platform/historian/archive/sampleRun.ts';
import type { HealthWatch } from '@tidegate/platform/monitor/health/definition/healthWatch.ts';
import { featureRows } from '@tidegate/platform/monitor/health/features/featureRows.ts';
import { ScoreSeries } from '@tidegate/platform/monitor/health/scoring/scoreSeries.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';

/** Numbers of the tags; the first are the features. */
const FEATURES = [0, 1];
const TAGS = { score: 10, alarming: 11, late: 12 };
const MINUTES = 8;
const GRACE_S = 6;
const START_MS = START_US / 1_000;

const learned = pumpProfile();

/** Rows and samples of a gateway whose devices answer in the order of `readings`, each at its time or up to a grace later. */
function judgeInGateway(readings: readonly (readonly [...Row, delayS: number])[]) {
  const clock = new ManualClock(START_US as Timestamp);
  const profile = new RowRecorder(learned);
  const profiles = [{ name: 'pump', profile, digest: 'of-1', features: FEATURES, tags: TAGS }];
  const health = new GatewayHealth({ profiles, kept: [undefined], clock, events: () => {} });
  const lanes = perLane(() => new RecordingLane());
  const rules = [
    ...FEATURES.map((number) => ({ number, lane: 'analytical', watched: true }) as const),
    ...Object.values(TAGS).map((number) => ({ number, lane: 'operational' }) as const),
  ];
  const conditioner = new Conditioner(rules, lanes, [], health);
  health.attach(conditioner);
  const arriving = readings.toSorted((a, b) => a[1] + a[4] * 1e3 - b[1] - b[4] * 1e3);
  let next = 0;
  for (let second = 0; second <= MINUTES * 60 + GRACE_S; second++) {
    const now = START_MS + second * 1e3;
    clock.setWallClock((now * 1e3) as Timestamp);
    const due: Row[] = [];
    for (; next < arriving.length && arriving[next][1] + arriving[next][4] * 1e3 <= now; next++) {
      const [tag, time, value, status] = arriving[next];
      due.push([tag, time, value, status!]);
    }
    conditioner.write(blockOf(due));
    health.tick();
  }
  return { rows: profile.rows, samples: lanes.operational.rows };
}

/** The same as the server has it. */
function judgeOnServer(readings: readonly Row[]) {
  const watch = {
    name: 'pump',
    assetPath: 'site',
    formerPaths: [],
    intervalUs: learned.spec.intervalUs,
    features: learned.spec.features.map(({ name, unit }) => ({ name, unit, measure: 'average' })),
  } as unknown as HealthWatch;
  const runs = FEATURES.map((feature) => {
    const own = readings.filter(([tag]) => tag === feature).toSorted((a, b) => a[1] - b[1]);
    return runOf(own.map(([, time, value, status]) => ({ time: time * 1e3, value, status: status! })));
  });
  const { times, columns, quality } = featureRows(watch, { features: runs }, START_US, START_US + MINUTES * 60e6);
  const series = new ScoreSeries(watch);
  const stream = learned.stream();
  const rows = Array.from(times, (time, at) => {
    const row = Float64Array.from(columns, (column) => column[at]);
    series.addRow(stream.push(time, row, quality[at]), row);
    return { time, row: [...row], quality: quality[at] };
  });
  return { rows, series: series.series() };
}

it('a gateway judges by the same rows, and says the same, as the server with the same samples', () => {
  const status = fc.constantFrom(STATUS.Good, STATUS.Good, STATUS.Good, STATUS.Uncertain, STATUS.BadTimeout);
  const reading = fc.record({
    feature: fc.constantFrom(...FEATURES),
    atMs: fc.integer({ min: 0, max: MINUTES * 60_000 - 1 }),
    off: fc.double({ min: -2, max: 2, noNaN: true }),
    status,
    delayS: fc.integer({ min: 0, max: GRACE_S - 1 }),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(reading, { maxLength: 200, selector: ({ feature, atMs }) => `${feature} ${atMs}` }),
      (more) => {
        const normal = pumpMinutes(5);
        const usual = Array.from({ length: MINUTES }, (_, minute) => ({ minute, values: normal.next().value }));
        const readings = [
          ...usual.flatMap(({ minute, values }) =>
            FEATURES.map((feature) => [feature, START_MS + minute * 60_000, values[feature], STATUS.Good, 0] as const),
          ),
          ...more.map(({ feature, atMs, off, status: code, delayS }) => {
            const value = code === STATUS.BadTimeout ? null : usual[Math.floor(atMs / 60_000)].values[feature] + off;
            return [feature, START_MS + atMs + 0.25, value, code, delayS] as const;
          }),
        ];
        const gateway = judgeInGateway(readings);
        const server = judgeOnServer(readings.map(([tag, time, value, code]) => [tag, time, value, code]));
        expect(gateway.rows.map(({ time }) => time)).toEqual(server.rows.map(({ time }) => time));
        for (const [at, { row, quality }] of server.rows.entries()) {
          for (const [feature, value] of row.entries()) expect(gateway.rows[at].row[feature]).toBeCloseTo(value, 9);
          expect(gateway.rows[at].quality).toBeCloseTo(quality, 9);
        }
        for (const [name, tag] of [
          ['score', TAGS.score],
          ['alarm', TAGS.alarming],
        ] as const) {
          const { run } = server.series.find(({ path }) => path.endsWith(`/${name}`))!;
          const own = gateway.samples.filter((sample) => sample[0] === tag);
          expect(own.map(([, timeMs]) => timeMs * 1e3)).toEqual([...run.times]);
          expect(own.map(([, , , code]) => code)).toEqual([...run.statuses]);
          for (const [at, [, , value]] of own.entries()) {
            if (run.kinds[at] === ValueKind.none) expect(value).toBe(null);
            else expect(value).toBeCloseTo(run.values[at], 6);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});
