import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { eventTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliver, JULY, SigningGateway } from '../historian/ingest/ledger/testbed/signingGateway.ts';
import { AUTHORITY } from '../historian/ingest/ledger/testbed/testCertificates.ts';
import { definitionOf, GatewayStream } from '../historian/query/testbed/gatewayStream.ts';
import { historiansOf, mustSucceed } from '../historian/query/testbed/historians.ts';
import { startNorthbound } from './northbound.ts';
import { RecentEvents } from './sql/recentEvents.ts';
import type { AnyJson } from './testbed/historianDoor.ts';
import { silentLog } from './testbed/runningDoor.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const MINUTE_US = 60_000_000;

async function door() {
  const clock = new ManualClock((JULY + 5 * MINUTE_US) as Timestamp);
  const directory = await makeDirectory();
  const open = async () => {
    const historian = await openHistorian(directory, { clock, authorities: () => AUTHORITY });
    const recentEvents = new RecentEvents();
    await recentEvents.follow(historian);
    const options = { host: '127.0.0.1', port: 0, historian, recentEvents, clock, log: silentLog([]) };
    const running = mustSucceed(await startNorthbound(options));
    onTestFinished(() => running.stop());
    const get = async (path: string): Promise<AnyJson> => (await fetch(`${running.url}/api/v1${path}`)).json();
    return { historian, recentEvents, get };
  };
  return { clock, open, ...(await open()) };
}

describe('SR 6.1: /ledger/minutes', () => {
  it('puts what a gateway signed beside what is here, minute by minute', async () => {
    const { historian, get } = await door();
    const gateway = new SigningGateway();
    mustSucceed(await historian.sink.defineTags('north', gateway.definitions()));
    await deliver(historian.sink, gateway.sealTexts(['certificate', gateway.certificate]));
    await deliver(historian.sink, gateway.seal([1, 1], [2, 2]), gateway.sealTexts(['operational', gateway.sign()]));
    const late = gateway.seal([3, 3]);
    await deliver(historian.sink, gateway.sealTexts(['operational', gateway.sign()]));
    historian.signedLedger.review();
    const { minutes } = await get('/ledger/minutes?start=2026-07-01T00:00:00Z&lane=operational');
    expect(minutes).toMatchObject([
      {
        gateway: 'north',
        lane: 'operational',
        checkpoints: [0],
        samplesRead: 2,
        spooled: 2,
        sent: 2,
        received: 2,
        stored: 2,
      },
      { checkpoints: [1], samplesRead: 1, spooled: 1, sent: 1, received: 0, verdict: 'waiting' },
    ]);
    expect(minutes[1].minute - minutes[0].minute).toBe(MINUTE_US);
    await deliver(historian.sink, late);
    historian.signedLedger.review();
    const again = await get('/ledger/minutes?start=2026-07-01T00:00:00Z');
    expect(again.minutes.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['proved', 'proved']);
    expect((await get('/ledger/minutes?gateway=south')).minutes).toEqual([]);
    expect((await get('/ledger/minutes?lane=fast')).code).toBe('request.invalid');
  });
});

describe('SR 6.1: /events', () => {
  it('lists events of gateways, from before the start and since, by kind, gateway and time', async () => {
    const { historian, open, clock } = await door();
    const stream = new GatewayStream('north', 'audit');
    const kinds = ['guard.refused', 'boundary.lost', 'boundary.connected'] as const;
    const definitions = kinds.map((kind, number) => {
      const path = eventTagPath('north', kind);
      return definitionOf(number, { id: path, path, type: 'string', lane: 'audit' });
    });
    mustSucceed(await historian.sink.defineTags('north', definitions));
    const text = (detail: string, more = {}) => JSON.stringify({ source: 'pump', detail, ...more });
    await deliver(
      historian.sink,
      stream.sealRows([
        [0, JULY, text('a write')],
        [1, JULY + 1, text('cut', { unwritten: 4 })],
      ]),
    );
    await historian.close();
    const { historian: second, recentEvents, get } = await open();
    await deliver(
      second.sink,
      stream.sealRows([
        [2, JULY + 2, text('back')],
        [0, JULY + 3, 'no event'],
      ]),
    );
    recentEvents.record({ at: clock.now(), kind: 'archive.damaged', source: 'segment', detail: 'broken' });
    const list = async (query: string) => (await get(`/events?start=2026-07-01T00:00:00Z${query}`)).events;
    expect(await list('')).toEqual([
      { time: JULY, kind: 'guard.refused', gateway: 'north', source: 'pump', detail: 'a write' },
      { time: JULY + 1, kind: 'boundary.lost', gateway: 'north', source: 'pump', detail: 'cut (and 4 more before it)' },
      { time: JULY + 2, kind: 'boundary.connected', gateway: 'north', source: 'pump', detail: 'back' },
      { time: clock.now(), kind: 'archive.damaged', gateway: null, source: 'segment', detail: 'broken' },
    ]);
    expect(await list('&kind=boundary.*')).toHaveLength(2);
    expect(await list('&gateway=north&limit=1')).toMatchObject([{ kind: 'boundary.connected' }]);
    expect(await list('&end=2026-07-01T00:00:00.000001Z')).toHaveLength(1);
    expect(await list('&gateway=south')).toEqual([]);
  });
});
