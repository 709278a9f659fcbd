import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changesOf, recordedColumn, rowsOf, timeContradictionMs } from './recordedColumn.ts';
import { freePorts, type History, RunningTidegate } from './runningTidegate.ts';

const TEP = 'tennessee-eastman-fault-13.csv';
const ROWS_PER_SECOND = 3;
/** On a busy machine the plant changes its row late, and the gateway asks late: together by less than three rows. */
const TIME_TOLERANCE_MS = 1_000;

const float32 = (text: string) => Math.fround(Number(text));
/** What the historian holds of each recorded column: raw float, swapped words, scaled float, scaled integer, text, bit. */
const COLUMNS = {
  'tep.xmeas07': recordedColumn(TEP, 'XMEAS7', 0, float32),
  'tep.xmeas08': recordedColumn(TEP, 'XMEAS8', 0, float32),
  'machine.temperature': recordedColumn('machine-temperature-system-failure.csv', 'value', 18_765, float32),
  'tep.xmeas01': recordedColumn(TEP, 'XMEAS1', 0, (text) => float32(text) * 1_000),
  'steel.energy': recordedColumn(
    'steel-works-energy.csv',
    'Usage_kWh',
    470,
    (text) => Math.round(Number(text) * 100) * 0.01,
  ),
  'steel.load-type': recordedColumn('steel-works-energy.csv', 'Load_Type', 470, String),
  'steel.weekday': recordedColumn('steel-works-energy.csv', 'WeekStatus', 470, (text) => Number(text === 'Weekday')),
} as const;
type ComparedTag = keyof typeof COLUMNS;
const FEWEST_CHANGES = 6;
const COMPARED = Object.keys(COLUMNS) as ComparedTag[];

/** Six or more processes start, one behind the other, while other tests have the machine too. */
vi.setConfig({ testTimeout: 120_000 });

let scratch: string;
let ports: number[];
let tidegate: RunningTidegate;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-flow-'));
  ports = await freePorts(5);
});

afterEach(async () => {
  tidegate.signal('SIGTERM');
  await tidegate.ended;
  await rm(scratch, { recursive: true });
});

function start(...more: string[]): RunningTidegate {
  const [consolePort, boundaryPort, ...plantPorts] = ports;
  const places = ['--data', scratch, '--port', `${consolePort}`, '--boundary-port', `${boundaryPort}`];
  const pace = ['--plant-ports', plantPorts.join(), '--rows-per-second', `${ROWS_PER_SECOND}`];
  return new RunningTidegate(['start', ...places, ...pace, ...more], consolePort);
}

describe('recorded values on their whole way', () => {
  it('are stored in order, and every one is accounted for', async () => {
    tidegate = start('--for', '10min', '--json');
    const histories = new Map<ComparedTag, History>();
    // The coil changes last: with the tenth row of the energy meter, when the weekend begins.
    const isWeekend = (weekday: History | undefined) => weekday?.values.at(-1) === 0;
    await tidegate.until(() => tidegate.history('steel.weekday'), isWeekend);
    for (const tag of COMPARED) {
      const isWhole = (history: History | undefined): history is History => isPresent(history) && hasRun(tag, history);
      histories.set(tag, await tidegate.until(() => tidegate.history(tag), isWhole));
    }
    for (const [tag, history] of histories) expectRecorded(tag, history);
    const asked = histories.get('tep.xmeas07');
    await Promise.all([expectQueried('PI-7', asked), expectSql('PI-7', asked), expectDevices()]);

    tidegate.signal('SIGINT');
    const { status, stdout, stderr } = await tidegate.ended;
    expect(stderr).not.toContain('ended by itself');
    const result = JSON.parse(stdout);
    expect(result).toEqual({
      samplesRead: expect.any(Number),
      samplesSuppressed: expect.any(Number),
      samplesCompressed: 0,
      samplesStored: result.samplesRead - result.samplesSuppressed,
      samplesLost: 0,
      ledgerBalanced: true,
      latencyMs: { p50: expect.any(Number), p99: expect.any(Number) },
      tags: 72,
    });
    expect(result.samplesSuppressed).toBeGreaterThan(0);
    expect(result.samplesStored).toBeGreaterThan(500);
    expect(result.latencyMs.p99).toBeGreaterThanOrEqual(result.latencyMs.p50);
    expect(status).toBe(0);
  });

  it('are still there when it is started again, and the ledger goes on', async () => {
    tidegate = start('--for', '2s', '--json');
    const first = JSON.parse((await tidegate.ended).stdout);
    const startedAgainUs = Date.now() * 1_000;
    tidegate = start('--for', '2s', '--json');
    const isOfBothRuns = (history: History | undefined) =>
      history?.times.some((time) => time < startedAgainUs) && history.times.some((time) => time > startedAgainUs);
    await tidegate.until(
      () => tidegate.history('tep.xmeas07'),
      (history) => isOfBothRuns(history) ?? false,
    );
    const { status, stdout } = await tidegate.ended;
    const second = JSON.parse(stdout);
    // The account of the second run is its own: it would hold the samples of the first one twice otherwise.
    expect(second.samplesRead).toBeLessThan(1.9 * first.samplesRead);
    expect(second).toMatchObject({ ledgerBalanced: true, samplesLost: 0, tags: 72 });
    expect(second.samplesStored).toBe(second.samplesRead - second.samplesSuppressed);
    expect(status).toBe(0);
  });
});

it('stops in order at Ctrl-C, says what became of the samples, and leaves no process behind', async () => {
  tidegate = start();
  await tidegate.until(
    async () => tidegate.stdout,
    (text) => text.includes('Console: http://127.0.0.1'),
  );
  await tidegate.until(() => tidegate.history('tep.xmeas07'), isPresent);
  tidegate.signal('SIGINT');
  const { status, stdout } = await tidegate.ended;
  expect(stdout).toMatch(/Stopped\. This run: \d+ samples read, .* 0 lost\. The ledger balances\./);
  expect(status).toBe(0);
  await expect(fetch(`http://127.0.0.1:${ports[0]}/`)).rejects.toThrow();
  const devices = await new RunningTidegate(['devices', '--server', `http://127.0.0.1:${ports[0]}`], ports[0]).ended;
  expect(devices).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('No server answers') });
});

function isPresent(history: History | undefined): history is History {
  return history !== undefined && history.values.length > 0;
}

/** `tidegate query` by an alias prints what REST gives, and perhaps samples that have come since. */
async function expectQueried(alias: string, history: History | undefined): Promise<void> {
  const query = ['query', alias, '--start', '*-1h', '--format', 'json', '--server', `http://127.0.0.1:${ports[0]}`];
  const { status, stdout } = await new RunningTidegate(query, ports[0]).ended;
  const rows: { tag: string; value: number; unit: string; status: string }[] = JSON.parse(stdout);
  expect(rows.slice(0, history?.values.length).map((row) => row.value)).toEqual(history?.values);
  expect(rows[0]).toMatchObject({ tag: 'tidewater/chemicals/tep/reactor/pressure', unit: 'kPa', status: 'Good' });
  expect(status).toBe(0);
}

/** `tidegate sql` counts what is there, as a table and as CSV, and marks a mistake. */
async function expectSql(alias: string, history: History | undefined): Promise<void> {
  const ask = (...more: string[]) =>
    new RunningTidegate(['sql', ...more, '--server', `http://127.0.0.1:${ports[0]}`], ports[0]).ended;
  const [counted, csv, wrong] = await Promise.all([
    ask(`SELECT count(*) AS n FROM raw('${alias}', '*-1h', '*') WHERE is_good(status)`),
    ask('--csv', "SELECT path, unit FROM tags WHERE path LIKE '%/reactor/pressure'"),
    ask('SELEC 1'),
  ]);
  const found = /^ *n\n-+\n *(\d+)\n\n1 row, \d+ ms\n$/.exec(counted.stdout);
  expect(Number(found?.[1])).toBeGreaterThanOrEqual(history?.values.length ?? Number.NaN);
  expect(csv).toEqual({
    status: 0,
    stdout: 'path,unit\r\ntidewater/chemicals/tep/reactor/pressure,kPa\r\n',
    stderr: '',
  });
  expect(wrong).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/\nSELEC 1\n\^\n/) });
}

/** `tidegate devices` shows each device of the example plant, and says by its status that all is well. */
async function expectDevices(): Promise<void> {
  const ask = (...more: string[]) =>
    new RunningTidegate(['devices', '--server', `http://127.0.0.1:${ports[0]}`, ...more], ports[0]).ended;
  const { status, stdout } = await ask();
  expect(stdout).toMatch(/^5 devices: 5 running\n/);
  expect(stdout).toMatch(/^tennessee-eastman +running +\d+ s +\d+ +0 +0 .* modbus-tcp +tennessee-eastman$/m);
  expect(stdout).toMatch(/^conveyor +running +\d+ s +0 .* profibus-dp +packing-bus$/m);
  expect(status).toBe(0);
  const json: { devices: { state: string; protocol: string; requests: number; reportAgeMs: number }[] } = JSON.parse(
    (await ask('--json')).stdout,
  );
  for (const { state, protocol, requests, reportAgeMs } of json.devices) {
    expect(state).toBe('running');
    // Who is only overheard is asked nothing.
    if (protocol === 'profibus-dp') expect(requests).toBe(0);
    else expect(requests).toBeGreaterThan(0);
    expect(reportAgeMs).toBeLessThan(15_000);
  }
}

/** Whether what changes with each row of the recording has done so a few times. */
function hasRun(tag: ComparedTag, history: History): boolean {
  return !isFast(tag) || changesOf(history).values.length >= FEWEST_CHANGES;
}

function isFast(tag: ComparedTag): boolean {
  return tag.startsWith('tep.xmeas0');
}

/** Every stored change is a recorded row, in the order of the recording; fast tags at the time of their row as well. */
function expectRecorded(tag: ComparedTag, history: History): void {
  const changes = changesOf(history);
  const rows = rowsOf(changes, COLUMNS[tag]);
  expect(rows, `${tag} holds ${changes.values.join(' ')}`).not.toContain(-1);
  expect(rows.at(-1), `${tag} stays close to the clock of the plant`).toBeLessThan(60 * ROWS_PER_SECOND);
  if (!isFast(tag)) return;
  expect(timeContradictionMs(changes.times, rows, ROWS_PER_SECOND)).toBeLessThan(TIME_TOLERANCE_MS);
}
