/** A gateway that does not keep to the policy, or speaks for another, over real TLS into a real archive. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { startForwarder } from '@tidegate/oneway/forward/forwarder.ts';
import { startReceiver } from '@tidegate/oneway/receive/receiver.ts';
import { TestAuthority } from '@tidegate/oneway/testbed/certificates.ts';
import { MemorySource } from '@tidegate/oneway/testbed/memorySource.ts';
import { until } from '@tidegate/oneway/testbed/until.ts';
import { unexplained } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { PolicyWatch } from '@tidegate/policy/policyWatch.ts';
import { policyOf } from '@tidegate/policy/testbed/policyText.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { orThrow } from './rig/gatewayPipeline.ts';

const clock = systemClock;
const authority = await TestAuthority.create();
const identities = { north: await authority.gateway('north'), south: await authority.gateway('south') };
const server = await authority.server();
/** What `values` lets come at once here: twice the ten seconds that it lets come at once at the gateway. */
const BURST = 2_000;

let directory: string;
let stops: (() => unknown)[];
let events: PlantEvent[];
let watch: PolicyWatch;
let historian: Historian;
let port: number;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  events = [];
  const record = (event: PlantEvent) => events.push(event);
  watch = new PolicyWatch(policyOf(), clock, record);
  historian = orThrow(await Historian.open({ directory, clock, events: record, admission: watch }));
  stops = [() => historian.close()];
  const place = { host: '127.0.0.1', port: 0, identity: server, sink: historian.sink };
  const receiver = orThrow(await startReceiver({ ...place, clock, events: record }));
  stops.push(() => receiver.stop());
  port = receiver.port;
});

afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(directory, { recursive: true, force: true });
});

function tagOf(number: number, tagPath: string, lane: TagDefinition['lane'] = 'operational'): TagDefinition {
  const shape = { type: 'number', unit: '', description: '', stepped: false, aliases: [] } as const;
  return { ...shape, number, id: tagPath, path: tagPath, lane };
}

/** A gateway that sends what it likes: samples of tag 0, under whatever it defines. */
function hostile(
  gateway: 'north' | 'south',
  tags: TagDefinition[],
  policy = () => watch.status().digest?.slice(0, 32),
) {
  const source = new MemorySource(gateway);
  const forwarder = startForwarder({
    ...{ source, tags: () => tags, policy, server: { host: '127.0.0.1', port }, clock },
    ...{ identity: () => identities[gateway], events: () => {}, heartbeatMs: 20 },
  });
  stops.push(() => forwarder.stop());
  return { source, forwarder };
}

const told = (kind: string) => events.filter((event) => event.kind === kind);
const ledgerOf = (gateway: string) => historian.ledgers().find((ledger) => ledger.gateway === gateway)!;
const pathsOf = () => historian.tags().map(({ gateway, path: at }) => `${gateway} ${at}`);

it('SR 5.2, SR 7.1: samples over the declared rate are acknowledged, counted, told of, and not stored', async () => {
  const { source, forwarder } = hostile('north', [tagOf(0, 'acme/x/flow')]);
  for (let block = 0; block < 10; block++) source.seal(1_000);
  await forwarder.drained();
  const { stored, undeclared } = ledgerOf('north');
  expect([stored + undeclared, unexplained(ledgerOf('north'))]).toEqual([10_000, 0]);
  expect(stored).toBeGreaterThanOrEqual(BURST);
  // What the time that has really passed allows comes on top of it.
  expect(stored).toBeLessThan(BURST + 1_000);
  const flow = watch.status().flows.find(({ refused }) => refused > 0);
  expect(flow).toMatchObject({ gateway: 'north', samples: stored, refused: undeclared, overRate: true });
  expect(told('policy.refused')).toMatchObject([{ source: 'north' }]);
});

it('SR 7.6: what only the gateway declares is refused, and it is told when the two policies begin and cease to differ', async () => {
  const theirs = policyOf(['tags: ["acme/**"]', 'tags: ["**"]']);
  let policy: string | undefined = theirs.shortDigest;
  const { source, forwarder } = hostile('north', [tagOf(0, 'office/x')], () => policy);
  source.seal(3);
  await forwarder.drained();
  expect(ledgerOf('north')).toMatchObject({ stored: 0, undeclared: 3 });
  expect(pathsOf()).toEqual([]);
  await until(() => expect(told('policy.differs')).toHaveLength(1));
  expect(told('policy.differs')[0].detail).toContain(theirs.shortDigest);
  policy = policyOf().shortDigest;
  await until(() => expect(told('policy.agrees')).toHaveLength(1));
  expect(told('policy.differs')).toHaveLength(1);
});

it('SR 2.1: a gateway gets no tag at the path of another, and none in which another reports on itself', async () => {
  const north = hostile('north', [tagOf(0, 'acme/x/flow')]);
  north.source.seal(1);
  await north.forwarder.drained();
  const taken = [tagOf(0, 'acme/x/flow'), tagOf(1, 'north/_events/guard.refused', 'audit'), tagOf(2, 'acme/x/own')];
  const south = hostile('south', taken);
  south.source.seal(4);
  await south.forwarder.drained();
  expect(pathsOf()).toEqual(['north acme/x/flow', 'south acme/x/own']);
  expect(ledgerOf('south')).toMatchObject({ stored: 0, undeclared: 4 });
  expect(ledgerOf('north')).toMatchObject({ stored: 1, undeclared: 0 });
  const refused = watch
    .status()
    .refused.map(({ gateway, path: at, reason, samples }) => [gateway, at, reason, samples]);
  expect(refused).toEqual([
    ['south', 'acme/x/flow', 'owned', 4],
    ['south', 'north/_events/guard.refused', 'foreign', 0],
  ]);
  expect(told('policy.refused').map(({ source }) => source)).toContain('south');
});
