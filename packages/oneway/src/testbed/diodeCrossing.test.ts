import { comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATAGRAM_AT } from '../frame/diode/datagramLayout.ts';
import { TAG } from './boundary.ts';
import { DiodeBoundary, newKey } from './diodeBoundary.ts';
import { burstLoss, randomLoss, seededRandom } from './diodeLink.ts';
import { DiodeSource } from './diodeSource.ts';
import { until } from './until.ts';

let diode: DiodeBoundary;
beforeEach(async () => {
  diode = await DiodeBoundary.open();
});
afterEach(() => diode.stop());

/** Everything that a source sealed is held, byte for byte. */
function expectAll(...sources: readonly DiodeSource[]): void {
  for (const { lane, sealed } of sources) {
    for (const { epoch, sequence, bytes } of sealed) {
      const stored = diode.sink.stored.get(`${lane}/${epoch}/${sequence}`);
      if (!stored || Buffer.compare(stored, bytes) !== 0) throw new Error(`${lane} ${epoch}/${sequence} is missing`);
    }
  }
}

describe('SR 5.1, SR 5.2: the diode', () => {
  it('carries the blocks of every lane, byte for byte and in their order', async () => {
    const sources = (['operational', 'audit', 'analytical'] as const).map((lane) => new DiodeSource(lane));
    const [operational, audit, analytical] = sources;
    operational.seal(10, 100);
    audit.seal(1, 3);
    analytical.seal(2_000, 40);
    // Longer than a set of groups.
    analytical.seal(65_536, 6);
    const receiver = await diode.receiver();
    const forwarder = await diode.forwarder({ sources, repeatMs: { audit: 100 } });
    await forwarder.drained();
    await until(() => expectAll(...sources));
    for (const { lane, sealed } of sources) {
      expect(diode.sink.sequences(lane)).toEqual(sealed.map(({ sequence }) => sequence));
    }
    expect(diode.sink.tagLists[0]).toEqual([TAG]);
    expect(diode.gaps).toEqual([]);
    const status = receiver.status();
    expect(status).toMatchObject({ malformed: 0, unauthenticated: 0, replayed: 0, kernelDrops: 0 });
    expect(status.gateways[0]).toMatchObject({ gateway: 'north', session: 1_000, connected: true });
    expect(status.gateways[0].streams.map(({ lane }) => lane)).toEqual(['operational', 'audit', 'analytical']);
    expect(status.gateways[0].streams[0].configurationDigest).toBe('07'.repeat(32));
  });

  it('hands a heartbeat on when all that it speaks of is held, and says that it came over a diode', async () => {
    const source = new DiodeSource();
    source.seal(1_000, 50);
    await diode.receiver();
    await diode.forwarder({ sources: [source] });
    await until(() => {
      const last = diode.sink.heartbeats.at(-1);
      expect(last?.heartbeat).toMatchObject({ diode: true, oldest: undefined, head: { epoch: 1, sequence: 49 } });
      expect(last?.stored).toBe(50);
    });
    for (const { heartbeat, stored } of diode.sink.heartbeats) {
      expect(stored).toBeGreaterThanOrEqual(heartbeat.oldest?.sequence ?? (heartbeat.head ? 50 : 0));
    }
  });

  it('sends live blocks before a backlog, and loses neither', async () => {
    const source = new DiodeSource();
    source.seal(2_000, 100);
    source.restart();
    source.seal(10, 5);
    await diode.receiver();
    const forwarder = await diode.forwarder({ sources: [source] });
    await forwarder.drained();
    expect(source.oldest()).toBeUndefined();
    await until(() => expectAll(source));
    expect([...diode.sink.stored.keys()].slice(0, 5)).toEqual([0, 1, 2, 3, 4].map((at) => `operational/2/${at}`));
    expect(diode.gaps).toEqual([]);
  });

  it('sends a changed tag list before the blocks that follow', async () => {
    const source = new DiodeSource();
    let tags = [TAG];
    await diode.receiver();
    const forwarder = await diode.forwarder({ sources: [source], tags: () => tags });
    await until(() => expect(diode.sink.tagLists).toEqual([[TAG]]));
    tags = Array.from({ length: 3_000 }, (_, number) => ({ ...TAG, number, id: `TI-${number}` }));
    forwarder.tagsChanged();
    source.seal();
    await until(() => expectAll(source));
    expect(diode.sink.tagLists).toEqual([[TAG], tags]);
  });
});

describe('SR 3.1: loss on the diode', () => {
  it('of 10 % of the datagrams is repaired', async () => {
    const source = new DiodeSource('analytical');
    source.seal(4_000, 200);
    diode.link.fault = randomLoss(0.1, 7);
    const receiver = await diode.receiver();
    await diode.forwarder({ sources: [source], m: 32 });
    await until(() => expectAll(source));
    const [stream] = receiver.status().gateways[0].streams;
    expect(diode.link.lost).toBeGreaterThan(200);
    expect(stream.repaired).toBeGreaterThan(100);
    expect(stream).toMatchObject({ unrecoverable: 0, gaps: 0, overflowed: 0 });
    await until(() => expect(receiver.status().gateways[0].advice?.loss).toBeCloseTo(0.1, 1));
  });

  it.each([0, 100, 1_000])('of 200 datagrams in a row is repaired, from datagram %i on', async (from) => {
    const source = new DiodeSource('analytical');
    source.seal(4_000, 200);
    diode.link.fault = burstLoss(from, 200);
    await diode.receiver();
    await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    expect(diode.link.lost).toBe(200);
    expect(diode.gaps).toEqual([]);
  });

  it('beyond repair becomes gaps that name every missing block and sample, and nothing else', async () => {
    const source = new DiodeSource('analytical');
    for (let block = 0; block < 400; block++) source.seal(500 + block * 10);
    diode.link.fault = randomLoss(0.3, 11);
    const receiver = await diode.receiver();
    await diode.forwarder({ sources: [source], k: 16, m: 6, interleave: 4 });
    await until(() => {
      const missed = diode.gaps.reduce((sum, { from, to }) => sum + to.sequence - from.sequence + 1, 0);
      expect(missed + diode.sink.stored.size).toBe(400);
    });
    const held = new Set(diode.sink.sequences('analytical'));
    const missing = source.sealed.map(({ sequence }) => sequence).filter((sequence) => !held.has(sequence));
    const told = diode.gaps.flatMap(({ from, to }) =>
      Array.from({ length: to.sequence - from.sequence + 1 }, (_, index) => from.sequence + index),
    );
    expect(missing.length).toBeGreaterThan(10);
    expect(told).toEqual(missing);
    for (const { from, to, samples } of diode.gaps) {
      let expected = 0;
      for (let at = from.sequence; at <= to.sequence; at++) expected += 500 + at * 10;
      if (from.sequence > 0) expect(samples).toBe(expected);
    }
    expect(diode.events.filter(({ kind }) => kind === 'boundary.gap')).toHaveLength(diode.gaps.length);
    expect(receiver.status().gateways[0].streams[0].gaps).toBe(diode.gaps.length);
  });

  it('at the tail is seen within 2 s from the heartbeat, and delays no other stream', async () => {
    const [cut, whole] = [new DiodeSource('operational'), new DiodeSource('analytical')];
    await diode.receiver();
    await diode.forwarder({ sources: [cut, whole], heartbeatMs: 500 });
    cut.seal();
    await until(() => expectAll(cut));
    diode.link.fault = (datagram) =>
      datagram[DATAGRAM_AT.kind] === 1 && datagram[DATAGRAM_AT.stream] === 0 ? [] : [datagram];
    cut.seal(7, 3);
    const cutAtMs = performance.now();
    whole.seal(100, 20);
    await until(() => expectAll(whole));
    expect(diode.gaps).toEqual([]);
    await until(() => expect(diode.gaps).toHaveLength(1));
    expect(performance.now() - cutAtMs).toBeLessThan(2_000);
    const [epoch, lane, gateway] = [1, 'operational', 'north'];
    const gap = { gateway, lane, from: { epoch, sequence: 1 }, to: { epoch, sequence: 3 }, samples: 21 };
    expect(diode.gaps).toEqual([gap]);
    diode.link.fault = (datagram) => [datagram];
    const next = cut.seal();
    await until(() => expect(diode.sink.sequences('operational')).toEqual([0, next.sequence]));
    expect(diode.gaps).toHaveLength(1);
  });

  it('is not what makes a block expire in the spool', async () => {
    const source = new DiodeSource();
    await diode.receiver();
    await diode.forwarder({ sources: [source] });
    source.seal();
    source.expire();
    const last = source.seal();
    await until(() => expect(diode.sink.sequences('operational')).toEqual([0, last.sequence]));
    expect(diode.gaps).toEqual([]);
  });

  it('of every first sending is made good by the second, where a lane is sent twice', async () => {
    const source = new DiodeSource('audit');
    source.seal(5, 20);
    let first = 0;
    diode.link.fault = (datagram) => {
      if (datagram[DATAGRAM_AT.kind] !== 1 || datagram[DATAGRAM_AT.sending] === 1) return [datagram];
      first++;
      return [];
    };
    await diode.receiver();
    await diode.forwarder({ sources: [source], repeatMs: { audit: 400 } });
    await until(() => expect(first).toBeGreaterThan(2));
    expect(source.acknowledged).toEqual([]);
    await until(() => expectAll(source));
    expect(diode.gaps).toEqual([]);
    expect(source.acknowledged.at(-1)).toEqual({ epoch: 1, sequence: 19 });
  });
});

describe('SR 3.1: datagrams that are not what the sender sent', () => {
  it('are counted and dropped where one bit is flipped', async () => {
    const source = new DiodeSource('analytical');
    source.seal(4_000, 60);
    const random = seededRandom(3);
    let flips = 0;
    diode.link.fault = (datagram) => {
      flips++;
      const flipped = Buffer.from(datagram);
      const bit = Math.floor(random() * flipped.length * 8);
      flipped[bit >> 3] ^= 1 << (bit & 7);
      return [flipped, datagram];
    };
    const receiver = await diode.receiver();
    await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    await until(() => {
      const { malformed, unauthenticated, replayed, datagrams } = receiver.status();
      expect(datagrams).toBe(2 * flips);
      expect(malformed + unauthenticated + replayed).toBe(flips);
    });
    expect(flips).toBeGreaterThan(1_000);
    expect(diode.sink.repeated).toBe(0);
    expect(diode.events.filter(({ kind }) => kind === 'boundary.refused').length).toBeLessThanOrEqual(20);
  });

  it('are dropped where they come twice, and put in order where they do not come so', async () => {
    const source = new DiodeSource('analytical');
    source.seal(4_000, 60);
    const random = seededRandom(5);
    let held: Uint8Array[] = [];
    diode.link.fault = (datagram) => {
      held.push(datagram, datagram);
      if (held.length < 40) return [];
      const passing = held.sort(() => random() - 0.5);
      held = [];
      return passing;
    };
    const receiver = await diode.receiver();
    await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    expect(diode.sink.sequences('analytical')).toEqual(source.sealed.map(({ sequence }) => sequence));
    const [stream] = receiver.status().gateways[0].streams;
    expect(stream.duplicated).toBeGreaterThan(500);
    expect(stream.reordered).toBeGreaterThan(100);
    expect(diode.sink.repeated).toBe(0);
    expect(diode.gaps).toEqual([]);
  });

  it('are dropped where another key made them', async () => {
    const receiver = await diode.receiver({ keys: new Map([['north', newKey()]]) });
    const source = new DiodeSource();
    source.seal();
    const forwarder = await diode.forwarder({ sources: [source] });
    await forwarder.drained();
    await until(() => expect(receiver.status().unauthenticated).toBeGreaterThan(3));
    expect(diode.sink.stored.size).toBe(0);
    expect(receiver.status().gateways[0]).toMatchObject({ connected: false, session: undefined });
  });

  it('are dropped where another gateway holds the key', async () => {
    await diode.receiver();
    const source = new DiodeSource('operational', 'south');
    source.seal();
    await diode.forwarder({ sources: [source] });
    await until(() => expect(diode.events.map(({ detail }) => detail).join()).toMatch(/a block of south/));
    expect(diode.sink.stored.size).toBe(0);
  });
});

describe('SR 1.2, SR 3.1 RE 1: a restart', () => {
  it('of the sender loses nothing, and the session before is not heard again, also by a receiver that restarts', async () => {
    const source = new DiodeSource();
    source.seal(100, 20);
    const recording: Uint8Array[] = [];
    diode.link.recording = recording;
    const first = await diode.receiver();
    const before = await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    await before.stop();
    diode.link.recording = undefined;
    source.restart();
    source.seal(100, 20);
    await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    expect(diode.gaps).toEqual([]);
    for (const datagram of recording) diode.link.send(datagram);
    await until(() => expect(first.status().replayed).toBe(recording.length));
    expect(diode.events.at(-1)).toMatchObject({ kind: 'boundary.refused' });
    expect(diode.events.at(-1)?.detail).toContain('two senders run with one key');
    await first.stop();
    const second = await diode.receiver();
    for (const datagram of recording) diode.link.send(datagram);
    await until(() => expect(second.status().replayed).toBe(recording.length));
    expect(diode.sink.repeated).toBe(0);
  });

  it('of the receiver goes on in the same session, does not take it twice, and tells what was missed', async () => {
    const source = new DiodeSource();
    source.seal(100, 20);
    const recording: Uint8Array[] = [];
    diode.link.recording = recording;
    const first = await diode.receiver();
    const forwarder = await diode.forwarder({ sources: [source] });
    await until(() => expectAll(source));
    await first.stop();
    source.seal(100, 3);
    await forwarder.drained();
    const passed = () => recording.filter((datagram) => datagram[DATAGRAM_AT.kind] === 1).length;
    await until(() => expect(passed()).toBe(forwarder.status().lanes[0].datagrams));
    diode.link.recording = undefined;
    const second = await diode.receiver();
    source.seal(100, 5);
    await until(() => expect(diode.sink.sequences('operational').slice(-5)).toEqual([23, 24, 25, 26, 27]));
    expect(diode.gaps.map(({ from, to }) => [from.sequence, to.sequence])).toEqual([[20, 22]]);
    const taken = () => second.status().gateways[0].streams[0];
    const { blocks } = taken();
    for (const datagram of recording) diode.link.send(datagram);
    const { datagrams } = second.status();
    await until(() => expect(second.status().datagrams).toBeGreaterThan(datagrams + recording.length - 1));
    expect(taken().blocks).toBe(blocks);
  });
});

it('SR 3.1, SR 6.2: a recording of the session that runs does not pass for its gateway, also after a restart', async () => {
  let shiftMs = 0;
  const clock = {
    now: () => systemClock.now(),
    elapsedMs: () => systemClock.elapsedMs() + shiftMs,
    after: (delayMs: number, action: () => void) => systemClock.after(delayMs, action),
  };
  const source = new DiodeSource();
  source.seal(100, 20);
  const recording: Uint8Array[] = [];
  diode.link.recording = recording;
  const first = await diode.receiver({ clock });
  const isConnected = () => first.status().gateways[0].connected;
  const forwarder = await diode.forwarder({ sources: [source] });
  await until(() => expectAll(source));
  await until(() => expect(isConnected()).toBe(true));
  await forwarder.stop();
  await until(() => expect(first.status().datagrams).toBe(recording.length));
  diode.link.recording = undefined;
  for (let round = 1; round <= 2; round++) {
    shiftMs += 3_000;
    for (const datagram of recording) diode.link.send(datagram);
    await until(() => expect(first.status().datagrams).toBe((round + 1) * recording.length));
  }
  await until(() => expect(isConnected()).toBe(false));
  await first.stop();
  const second = await diode.receiver();
  for (const datagram of recording) diode.link.send(datagram);
  await until(() => expect(second.status().datagrams).toBe(recording.length));
  const beats = recording.filter((datagram) => datagram[DATAGRAM_AT.kind] === 2).length;
  expect(second.status().replayed).toBe(beats);
  expect(second.status().gateways[0].connected).toBe(false);
  expect(diode.sink.repeated).toBe(0);
});

describe('a sink that refuses for a while', () => {
  it('is offered the blocks again', async () => {
    const source = new DiodeSource();
    source.seal(100, 20);
    diode.sink.fault = { code: 'boundary.not-stored', detail: 'disk full' };
    await diode.receiver();
    const forwarder = await diode.forwarder({ sources: [source] });
    await forwarder.drained();
    await until(() => expect(diode.events.some(({ detail }) => detail.includes('disk full'))).toBe(true));
    diode.sink.fault = undefined;
    await until(() => expectAll(source));
    expect(diode.gaps).toEqual([]);
  });

  it('loses what there is no room for, which is told as a gap', async () => {
    const source = new DiodeSource();
    diode.sink.fault = { code: 'boundary.not-stored', detail: 'disk full' };
    await diode.receiver({ pendingBytes: 10_000 });
    const forwarder = await diode.forwarder({ sources: [source] });
    source.seal(500, 20);
    await forwarder.drained();
    await until(() => expect(diode.gaps).toHaveLength(1));
    diode.sink.fault = undefined;
    const [{ from, to }] = diode.gaps;
    await until(() => expect(diode.sink.stored.size).toBe(from.sequence));
    expect(to.sequence).toBe(19);
    expect(comparePositions(from, to)).toBeLessThan(0);
  });
});
