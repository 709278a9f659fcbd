import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StoredCheckpoint } from '../ingest/ledger/checkpointStore.ts';
import { deliver, JULY, MINUTE_US, SigningGateway } from '../ingest/ledger/testbed/signingGateway.ts';
import { AUTHORITY, NORTH_RENEWED, OTHER_AUTHORITY } from '../ingest/ledger/testbed/testCertificates.ts';
import type { Historian, HistorianOptions } from './historian.ts';
import { historiansOf, mustSucceed } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

async function site(options: Partial<HistorianOptions> = {}) {
  const clock = new ManualClock(JULY);
  const events: PlantEvent[] = [];
  const directory = await makeDirectory();
  const given = { clock, authorities: () => AUTHORITY, ...options };
  const open = () => openHistorian(directory, given, events);
  const gateway = new SigningGateway();
  const historian = await open();
  mustSucceed(await historian.sink.defineTags('north', gateway.definitions()));
  await deliver(historian.sink, gateway.sealTexts(['certificate', gateway.certificate]));
  return { clock, events, open, gateway, historian };
}

function judged({ signedLedger }: Historian): readonly StoredCheckpoint[] {
  signedLedger.review();
  return signedLedger.checkpoints({ start: 0, end: Number.MAX_SAFE_INTEGER, limit: 100 }).toReversed();
}

function verdicts(historian: Historian): (readonly [string, string])[] {
  return judged(historian).map(({ verdict, detail }) => [verdict, detail] as const);
}

const BEGINS = ['proved', 'the chain begins here'] as const;

describe('SR 3.4, SR 3.9: what a gateway signed', () => {
  test('is proved, minute by minute, with the samples that are held', async () => {
    const { gateway, historian, events } = await site();
    await deliver(historian.sink, gateway.seal([1, 1.5], [2, 2.5]), gateway.seal([3, 3.5]));
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    await deliver(historian.sink, gateway.seal([4, 4.5]));
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    expect(judged(historian)).toMatchObject([
      { number: 0, verdict: 'proved', detail: 'the chain begins here', received: 3, stored: 3, holes: [] },
      { number: 1, verdict: 'proved', detail: '', received: 1, stored: 1, holes: [] },
    ]);
    expect(events).toEqual([]);
  });

  test('is proved when its blocks come after the checkpoint, and after restarts in between', async () => {
    const { gateway, historian, open } = await site();
    const late = gateway.seal([1, 1]);
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    expect(verdicts(historian)).toEqual([['waiting', '1 blocks have not come']]);
    await historian.close();
    const second = await open();
    await deliver(second.sink, late);
    await second.close();
    expect(verdicts(await open())).toEqual([BEGINS]);
  });

  test('is proved although the archive needed the blocks no more, and the server was killed, before it was signed', async () => {
    const { gateway, historian, open } = await site();
    await deliver(historian.sink, gateway.seal([1, 1]));
    mustSucceed(await historian.seal());
    await historian.close();
    const second = await open();
    await deliver(second.sink, gateway.sealTexts(['operational', gateway.sign()]));
    expect(verdicts(second)).toEqual([BEGINS]);
  });

  test('shows a hole with its reason: what expired at the gateway', async () => {
    const { gateway, historian, events, clock } = await site();
    await deliver(historian.sink, gateway.seal([1, 1]));
    const lost = gateway.seal([2, 2], [3, 3]);
    gateway.expire(2);
    const next = gateway.seal([4, 4]);
    await deliver(historian.sink, next);
    const { epoch, sequence } = next.header;
    const none = { depth: { blocks: 0, samples: 0, bytes: 0 }, policy: undefined, oldest: undefined };
    const beat = { ...none, at: clock.now(), head: { epoch, sequence }, tally: gateway.tally() };
    historian.sink.heartbeat({ gateway: 'north', lane: 'operational' }, beat);
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    expect(judged(historian)).toMatchObject([
      {
        ...{ verdict: 'holes', detail: '2 samples are missing: expired', received: 2 },
        holes: [{ epoch: 1, sequence: lost.header.sequence, blocks: 1, reason: 'expired' }],
      },
    ]);
    expect(events).toEqual([]);
  });

  test('shows a hole that nothing explains as broken', async () => {
    const { gateway, historian, events, clock } = await site();
    await deliver(historian.sink, gateway.seal([1, 1]));
    gateway.seal([2, 2]);
    const next = gateway.seal([4, 4]);
    await deliver(historian.sink, next);
    const { epoch, sequence } = next.header;
    const none = { depth: { blocks: 0, samples: 0, bytes: 0 }, policy: undefined, oldest: undefined };
    const beat = { ...none, at: clock.now(), head: { epoch, sequence }, tally: gateway.tally() };
    historian.sink.heartbeat({ gateway: 'north', lane: 'operational' }, beat);
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    const detail = 'missing blocks: 1 samples are missing, and nothing explains it';
    expect(judged(historian)).toMatchObject([{ verdict: 'broken', detail, holes: [{ blocks: 1, reason: 'unknown' }] }]);
    expect(events.map(({ kind }) => kind)).toEqual(['ledger.broken']);
  });
});

describe('SR 2.12, SR 6.1: what does not fit is named', () => {
  /** What becomes of a second minute that `tamper` makes. */
  test.each<[string, RegExp, (gateway: SigningGateway) => readonly string[]]>([
    [
      'a figure that was changed',
      /signature: it does not hold/,
      (gateway) => [gateway.sign().replace('"samples":1', '"samples":3')],
    ],
    [
      'counts that do not add up',
      /counts: they do not add up/,
      (gateway) => [gateway.sign('operational', (one) => ({ ...one, total: { ...one.total, read: 99 } }))],
    ],
    [
      'a count of samples that is not that of the blocks',
      /counts: 9 samples were signed, and 1 are there/,
      (gateway) => [gateway.sign('operational', (one) => ({ ...one, samples: 9 }))],
    ],
    [
      'another block',
      /blocks: 1 are not those that were signed/,
      (gateway) => [
        gateway.sign('operational', (one) => ({ ...one, chain: { ...one.chain, after: new Uint8Array(32) } })),
      ],
    ],
    [
      'a chain that begins anew',
      /chain: it does not follow checkpoint 0/,
      (gateway) => [gateway.sign('operational', (one) => ({ ...one, previous: null }))],
    ],
    [
      'blocks that were left out',
      /chain: blocks between it and the one before are not signed/,
      (gateway) => [
        gateway.sign('operational', (one) => ({ ...one, chain: { ...one.chain, before: new Uint8Array(32) } })),
      ],
    ],
    [
      'a checkpoint that never came',
      /chain: checkpoint 1 never came/,
      (gateway) => [gateway.sign(), gateway.sign()].slice(1),
    ],
    [
      'two checkpoints of one number',
      /chain: the gateway has signed twice for number 1/,
      (gateway) => [gateway.sign(), gateway.sign('operational', (one) => ({ ...one, number: 1 }))],
    ],
    [
      'a checkpoint of another in its name',
      /a checkpoint of south, operational came in its name/,
      (gateway) => [gateway.sign('operational', (one) => ({ ...one, gateway: 'south' }))],
    ],
    [
      'a signature of before its certificate held',
      /unknown certificate: the certificate did not hold/,
      (gateway) => [gateway.sign('operational', (one) => ({ ...one, to: 1_000_000 as typeof one.to }))],
    ],
  ])('%s', async (_what, expected, tamper) => {
    const { gateway, historian, events } = await site();
    await deliver(historian.sink, gateway.seal([1, 1]), gateway.sealTexts(['operational', gateway.sign()]));
    expect(verdicts(historian)).toEqual([BEGINS]);
    await deliver(historian.sink, gateway.seal([2, 2]));
    for (const text of tamper(gateway)) {
      await deliver(historian.sink, gateway.sealTexts(['operational', text]));
      historian.signedLedger.review();
    }
    expect(events.map(({ kind }) => kind)).toEqual(['ledger.broken']);
    expect(events[0].detail).toMatch(expected);
    const last = judged(historian).at(-1)!;
    if (last.number > 0 && last.from > 0) expect(last.verdict).toBe('broken');
  });

  test('a certificate of another authority, of another name, and none at all', async () => {
    for (const authorities of [() => OTHER_AUTHORITY, () => '']) {
      const { gateway, historian, events } = await site({ authorities });
      await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
      expect(verdicts(historian)[0][1]).toMatch(/unknown certificate: no authority/);
      expect(events).toHaveLength(1);
    }
    const { gateway, historian, clock } = await site();
    const text = gateway.sign('operational', (one) => ({ ...one, certificate: 'ab'.repeat(32) }));
    await deliver(historian.sink, gateway.sealTexts(['operational', text]));
    expect(verdicts(historian)).toEqual([['waiting', '']]);
    await clock.advance((3 * MINUTE_US) / 1_000);
    expect(verdicts(historian)[0][1]).toMatch(/unknown certificate: it has never come/);
  });

  test('a key that the certificate is not for', async () => {
    const { gateway, historian } = await site();
    const other = new SigningGateway(NORTH_RENEWED);
    const mine = decodeCheckpoint(gateway.sign());
    if (!mine.ok) throw new Error(mine.fault.detail);
    const forged = other.sign('operational', (one) => ({ ...one, certificate: mine.value.checkpoint.certificate }));
    await deliver(historian.sink, gateway.sealTexts(['operational', forged]));
    expect(verdicts(historian)[0]).toEqual(['broken', 'signature: it does not hold']);
  });

  test('a checkpoint that is replayed is the same one, and counts once', async () => {
    const { gateway, historian, events } = await site();
    const text = gateway.sign();
    await deliver(historian.sink, gateway.sealTexts(['operational', text], ['operational', text]));
    expect(verdicts(historian)).toEqual([BEGINS]);
    await deliver(historian.sink, gateway.sealTexts(['operational', text]));
    expect(verdicts(historian)).toEqual([BEGINS]);
    expect(events).toEqual([]);
  });
});

test('SR 7.1: a gateway that signs for blocks without end does not stop the server', async () => {
  const { gateway, historian } = await site();
  await deliver(historian.sink, gateway.seal([1, 1]));
  const head = new Uint8Array(32);
  const chainOf = (epoch: number) => ({
    ...{ runs: [{ epoch, first: 0, count: 65_536 }], before: head, stride: 4_096, after: head },
    marks: Array.from({ length: 15 }, () => head),
  });
  const texts = Array.from({ length: 60 }, (_, at) =>
    gateway.sign('operational', (one) => ({ ...one, chain: chainOf(2 + at) })),
  );
  await deliver(historian.sink, gateway.sealTexts(...texts.map((text) => ['operational', text] as const)));
  const looked = judged(historian).filter(({ detail }) => detail !== '');
  expect(looked.length).toBeGreaterThan(0);
  expect(looked.length).toBeLessThan(30);
  // Each review goes on where the one before it ended.
  expect(judged(historian).filter(({ detail }) => detail !== '').length).toBeGreaterThan(looked.length);
});
