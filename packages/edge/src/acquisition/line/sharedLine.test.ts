import { describe, expect, it } from 'vitest';
import { type Reaction, VirtualLine } from '../testbed/virtualLine.ts';

const TIMEOUT_MS = 200;
const WELL: Reaction = { does: 'answer', afterMs: 10 };
const DEAD: Reaction = { does: 'nothing', afterMs: 0 };

/** How the first unit of a line falls sick; `turn` counts its requests. */
const SICK: readonly (readonly [name: string, react: (turn: number, atMs: number) => Reaction])[] = [
  ['is dead', () => DEAD],
  ['answers one request of two', (turn) => (turn % 2 === 0 ? WELL : DEAD)],
  ['comes and goes', (_, atMs) => (atMs % 7000 < 3500 ? WELL : DEAD)],
  ['is so slow that it just answers in time', () => ({ does: 'answer', afterMs: TIMEOUT_MS - 10 })],
  ['is so slow that it just does not answer in time', () => ({ does: 'answer', afterMs: TIMEOUT_MS + 10 })],
  ['babbles', () => ({ does: 'babble', afterMs: 10 })],
  ['babbles now and then', (turn) => ({ does: turn % 3 === 0 ? 'babble' : 'answer', afterMs: 10 })],
  ['refuses everything', () => ({ does: 'refuse', afterMs: 10 })],
  ['makes the gateway before it close the connection', () => ({ does: 'close', afterMs: 10 })],
  ['does so at each second request', (turn) => ({ does: turn % 2 === 0 ? 'answer' : 'close', afterMs: 10 })],
];

describe.each(['tcp', 'rtu'] as const)('on a line of six units (%s), a unit that', (framing) => {
  it.each(SICK)('%s takes nothing from the others', async (_, react) => {
    const line = new VirtualLine(framing);
    let turn = 0;
    line.react = (unit, atMs) => (unit === 1 && atMs > 5000 ? react(turn++, atMs) : WELL);
    const config = line.config(6, { timeoutMs: TIMEOUT_MS });
    // The sick one is to be asked for much.
    const points = Array.from({ length: 30 }, (_, index) => ({
      tag: 100 + index,
      address: `holding:${index * 200}`,
      dataType: 'uint16',
      scanClass: 'scan',
    }));
    const devices = config.devices.map((device, index) => (index === 0 ? { ...device, points } : device));
    const running = line.start({ ...config, devices });
    await line.pass(65_000);
    for (const unit of [2, 3, 4, 5, 6]) {
      expect(line.count(unit, 'Good')).toBeGreaterThanOrEqual(64);
      expect(line.recorder.of(unit - 1).length - line.count(unit, 'Good')).toBeLessThanOrEqual(1);
    }
    const others = line.recorder.events.filter(({ source }) => /unit-[2-6]/.test(source));
    expect(others.filter(({ kind }) => kind !== 'device.connected')).toEqual([]);
    // The log is not flooded by those who come and go.
    expect(line.recorder.events.length).toBeLessThan(20);
    await line.stop(running);
  });
});

describe('twenty units on a line of which half are dead', () => {
  const start = () => {
    const line = new VirtualLine();
    line.react = (unit) => (unit % 2 === 0 ? DEAD : WELL);
    return { line, running: line.start(line.config(20, { timeoutMs: TIMEOUT_MS })) };
  };

  it('are read all the same, soon after the start and then in every scan', async () => {
    const { line, running } = start();
    await line.pass(4000);
    for (let unit = 1; unit <= 20; unit += 2) expect(line.count(unit, 'Good')).toBeGreaterThanOrEqual(1);
    await line.pass(60_000);
    for (let unit = 1; unit <= 20; unit += 2) expect(line.count(unit, 'Good')).toBeGreaterThanOrEqual(60);
    for (let unit = 2; unit <= 20; unit += 2) expect(line.count(unit, 'BadTimeout')).toBeGreaterThanOrEqual(59);
    await line.stop(running);
  });

  it('lose at most a fifth of the time to the dead ones, of which each has its turn', async () => {
    const { line, running } = start();
    await line.pass(10_000);
    const before = line.asked.length;
    await line.pass(100_000);
    const greetings = line.asked.slice(before).filter(({ unit }) => unit % 2 === 0);
    expect(greetings.length * TIMEOUT_MS).toBeLessThanOrEqual(0.2 * 100_000 + TIMEOUT_MS);
    const turns = Array.from(
      { length: 10 },
      (_, index) => greetings.filter(({ unit }) => unit === 2 * index + 2).length,
    );
    expect(Math.min(...turns)).toBeGreaterThanOrEqual(3);
    await line.stop(running);
  });

  it('are told one by one, as the line is well', async () => {
    const { line, running } = start();
    await line.pass(10_000);
    const lost = line.recorder.events.filter(({ kind }) => kind === 'device.lost').map(({ source }) => source);
    expect(lost.toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => `unit-${2 * index + 2}`).toSorted());
    expect(line.recorder.events.filter(({ kind }) => kind === 'line.lost')).toEqual([]);
    await line.stop(running);
  });

  it('are found again when they come back', async () => {
    const { line, running } = start();
    await line.pass(60_000);
    line.react = () => WELL;
    await line.pass(20_000);
    expect(running.status().map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'running'));
    await line.stop(running);
  });
});

describe('a line with thirty units', () => {
  it.each<[string, 'tcp' | 'rtu', (line: VirtualLine) => void]>([
    [
      'that cannot be opened any more',
      'tcp',
      (line) => {
        line.reachable = false;
        line.cut();
      },
    ],
    [
      'on which nobody answers any more',
      'tcp',
      (line) => {
        line.react = () => DEAD;
      },
    ],
    [
      'that is cut behind the serial port',
      'rtu',
      (line) => {
        line.react = () => DEAD;
      },
    ],
    [
      'that is closed at every request',
      'tcp',
      (line) => {
        line.react = () => ({ does: 'close', afterMs: 1 });
      },
    ],
  ])('%s is one event, and one when it is back', async (_, framing, fail) => {
    const line = new VirtualLine(framing);
    line.react = () => WELL;
    const running = line.start(line.config(30, { timeoutMs: TIMEOUT_MS }));
    await line.pass(5000);
    line.recorder.events.length = 0;
    fail(line);
    await line.pass(120_000);
    expect(line.recorder.events.map(({ kind, source }) => `${kind} ${source}`)).toEqual(['line.lost line-1']);
    for (const { state, lastFault } of running.status()) {
      expect(['connecting', 'silent']).toContain(state);
      expect(lastFault).toBeDefined();
    }
    for (let unit = 1; unit <= 30; unit++) {
      const bad = line.recorder.of(unit - 1).filter(({ status }) => status !== 'Good').length;
      expect(bad).toBeGreaterThanOrEqual(110);
    }
    line.reachable = true;
    line.react = () => WELL;
    await line.pass(60_000);
    expect(line.recorder.kinds()).toEqual(['line.lost', 'line.connected']);
    expect(new Set(running.status().map(({ state }) => state))).toEqual(new Set(['running']));
    await line.stop(running);
  });

  it('whose link is lost for a moment does not lose a reading', async () => {
    const line = new VirtualLine();
    line.react = () => WELL;
    const running = line.start(line.config(30, { timeoutMs: TIMEOUT_MS }));
    await line.pass(5000);
    line.cut();
    await line.pass(5000);
    expect(line.recorder.readings.filter(({ status }) => status !== 'Good')).toEqual([]);
    await line.stop(running);
  });
});
