/** Two gateways of one name, as the historian is asked about them: over a restart, and with what it holds. */

import type { SpoolClaim } from '@tidegate/core/port/blockSink.ts';
import { expect, onTestFinished, test } from 'vitest';
import { pending, unexplained } from '../ingest/streamLedger.ts';
import type { Historian } from './historian.ts';
import { GatewayStream } from './testbed/gatewayStream.ts';
import { appendAll, historiansOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const STREAM = { gateway: 'north', lane: 'operational' } as const;
const [FIRST, TWIN, REPLACEMENT] = ['a5', '5a', 'c3'].map((byte) => byte.repeat(16));

async function asked(historian: Historian, instance: string, epoch: number, role: SpoolClaim['role'] = 'live') {
  const admitted = await historian.sink.admit(STREAM, { instance, role, oldest: { epoch, sequence: 0 } });
  return admitted.ok ? 'admitted' : admitted.fault.code;
}

test('SR 1.2: a server that starts again knows from which spool its streams come, sealed or not', async () => {
  const directory = await makeDirectory();
  const spool = new GatewayStream();
  spool.epoch = 10;
  const before = await openHistorian(directory);
  expect(await asked(before, FIRST, 10)).toBe('admitted');
  await appendAll(before.sink, [spool.sealRows([[0, 1, 1]]), spool.sealRows([[0, 2, 2]])]);
  await before.close();
  const after = await openHistorian(directory);
  expect(await asked(after, TWIN, 5)).toBe('boundary.twin');
  expect(await asked(after, TWIN, 10)).toBe('boundary.twin');
  expect(await asked(after, TWIN, 20, 'backlog')).toBe('boundary.twin');
  expect(await asked(after, FIRST, 10, 'backlog')).toBe('admitted');
  expect(await asked(after, REPLACEMENT, 20)).toBe('admitted');
  await after.close();
  const last = await openHistorian(directory);
  expect(await asked(last, FIRST, 10)).toBe('boundary.twin');
  expect(await asked(last, REPLACEMENT, 20, 'backlog')).toBe('admitted');
});

test('a replacement counts anew, and nothing of it is taken for a repetition', async () => {
  const historian = await openHistorian(await makeDirectory());
  const [first, second] = [new GatewayStream(), new GatewayStream()];
  first.epoch = 10;
  second.epoch = 20;
  expect(await asked(historian, FIRST, 10)).toBe('admitted');
  await appendAll(historian.sink, [first.sealRows([[0, 1, 1]]), first.sealRows([[0, 2, 2]])]);
  expect(await asked(historian, REPLACEMENT, 20)).toBe('admitted');
  expect(historian.sink.position(STREAM, { epoch: 20, sequence: 0 }, 'live')).toBeUndefined();
  await appendAll(historian.sink, [second.sealRows([[0, 3, 3]]), second.sealRows([[0, 4, 4]])]);
  const [ledger] = historian.ledgers();
  expect(ledger).toMatchObject({ stored: 4, repeated: 0, lost: 0 });
  expect([pending(ledger), unexplained(ledger)]).toEqual([0, 0]);
});
