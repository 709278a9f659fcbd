/** DNP3 over each transport that opendnp3 has: we call, it calls, with and without TLS, and a serial line. */

import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { TestAuthority } from '@tidegate/oneway/testbed/certificates.ts';
import { afterEach, expect, it } from 'vitest';
import { freePorts } from '../runningTidegate.ts';
import { CertificateFolder } from './certificateFolder.ts';
import {
  Dnp3Outstation,
  type Dnp3Settings,
  expectedEvents,
  expectedStatics,
  markOf,
  readingsSince,
  specsOf,
} from './dnp3Outstation.ts';
import { describeWithPeer } from './peer.ts';
import { PtyPair } from './ptyPair.ts';
import { serial, TestedLine, tcp } from './testedLine.ts';

interface Way {
  readonly settings: Dnp3Settings;
  readonly medium: Medium;
}

let folder: CertificateFolder;
let pair: PtyPair | undefined;
let outstation: Dnp3Outstation;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await outstation.stop();
  await pair?.stop();
  await folder.remove();
});

async function wayOf(mode: Dnp3Settings['mode'], secure: boolean): Promise<Way> {
  folder = await CertificateFolder.create();
  const [port] = await freePorts(1);
  if (mode === 'serial') {
    pair = await PtyPair.start();
    return { settings: { mode, path: pair.ends[0] }, medium: serial(pair.ends[1]) };
  }
  const authority = await TestAuthority.create();
  const caller = await folder.write(await authority.gateway('caller'));
  const called = await folder.write(await authority.server());
  const [its, ours] = mode === 'listen' ? [called, caller] : [caller, called];
  const settings: Dnp3Settings = { mode, port, ...(secure ? { tls: its } : {}) };
  const tls = secure ? ours : undefined;
  if (mode === 'listen') return { settings, medium: tcp(port, { tls }) };
  return { settings, medium: { kind: 'listen', host: '127.0.0.1', port, allow: [], tls } };
}

describeWithPeer('opendnp3', 'import opendnp3', () => {
  it.each([
    ['is called', 'listen', false],
    ['is called, over TLS', 'listen', true],
    ['calls in', 'call', false],
    ['calls in, over TLS', 'call', true],
    ['is on a serial line', 'serial', false],
  ] as const)('%s', async (_, mode, secure) => {
    const { settings, medium } = await wayOf(mode, secure);
    outstation = await Dnp3Outstation.start({ ...settings, unsolicited: true });
    const { points } = outstation;
    await outstation.setAll(1, 'Suppress');
    const device = { options: { outstation: 10 }, points: specsOf(points), intervalMs: 3_600_000 };
    line = await TestedLine.start('dnp3', medium, [device]);
    const readings = await line.latest(points.length);
    expect(readings.map(({ value, status }) => ({ value, status }))).toEqual(expectedStatics(points, 1));

    const mark = markOf(line);
    const updates = await outstation.setAll(2, 'Force');
    await line.taken(mark.count + updates.length);
    const events = points.map((point, tag) => readingsSince(mark, line!, tag, point));
    expect(events).toEqual(points.map((point) => expectedEvents(point, updates)));
  });
});
