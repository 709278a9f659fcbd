import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { ConnectionStatus } from '@tidegate/oneway/receive/connection.ts';
import { expect, test } from 'vitest';
import { type BoundaryEnds, BoundaryLinks } from './boundaryLinks.ts';

const UNTIL = 900 as Timestamp;

function connection(gateway: string, holder: string): ConnectionStatus {
  const counts = { blocks: 0, bytes: 0, pendingBytes: 0 };
  const place = { peer: '192.0.2.1:40000', since: 0 as Timestamp, validUntil: UNTIL };
  return { gateway, lane: 'operational', role: 'live', holder, ...place, ...counts };
}

function setUp(more: Partial<BoundaryEnds> = {}) {
  const connections: ConnectionStatus[] = [];
  const identity = {
    name: 'history',
    validUntil: UNTIL,
    authorities: [{ name: 'site', validUntil: UNTIL, daysLeft: 0 }],
  };
  const ends = { receiver: { connections: () => connections }, diode: undefined, policy: undefined };
  return { connections, links: new BoundaryLinks({ ...ends, identity: () => identity, ...more }) };
}

const streamOf = (gateway: string) => ({ gateway, lane: 'operational' }) as const;

test('a stream comes by who holds the certificate, also when the line is cut', () => {
  const { connections, links } = setUp();
  connections.push(connection('north', 'dmz-1'), connection('south', 'south'));
  expect(['north', 'south', 'east'].map((name) => links.via(streamOf(name)))).toEqual(['dmz-1', undefined, undefined]);
  connections.length = 0;
  expect([links.via(streamOf('north')), links.connected(streamOf('north'))]).toEqual(['dmz-1', false]);
  connections.push(connection('north', 'north'));
  expect([links.via(streamOf('north')), links.connected(streamOf('north'))]).toEqual([undefined, true]);
});

test('over a diode while datagrams come', () => {
  const sender = { gateway: 'north', connected: true };
  const diode = { status: () => ({ gateways: [sender] }) } as unknown as NonNullable<BoundaryEnds['diode']>;
  const { links } = setUp({ diode });
  expect([links.via(streamOf('north')), links.connected(streamOf('north'))]).toEqual(['diode', true]);
  expect(links.via(streamOf('south'))).toBeUndefined();
});

test('SR 1.8: the certificates of the server, of its authorities, and of each relay once', () => {
  const { connections, links } = setUp();
  connections.push(connection('north', 'dmz-1'), connection('east', 'dmz-1'), connection('south', 'south'));
  expect(links.certificates().map(({ holder, role }) => `${role} ${holder}`)).toEqual([
    'server history',
    'authority site',
    'relay dmz-1',
  ]);
});
