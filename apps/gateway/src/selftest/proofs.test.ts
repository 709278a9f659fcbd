import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { success } from '@tidegate/core/fault/fault.ts';
import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import { loadDriver } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import type { LineConfig } from '@tidegate/edge/acquisition/line/line.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { describe, expect, it } from 'vitest';
import { proveOneWay } from './oneWay.ts';
import { proveWritesRefused } from './writeRefusal.ts';

const MODBUS = fileURLToPath(
  new URL('.', import.meta.resolve('@tidegate/edge/acquisition/drivers/modbus/manifest.ts')),
);

function lineOf(driver: AnyDriver): LineConfig {
  const devices = [{ name: 'pump', options: driver.options.parse({}) }];
  return { name: 'pump', driver, devices } as unknown as LineConfig;
}

describe('SR 2.1: the proof that nothing is written', () => {
  it('holds for the driver as it is', async () => {
    const driver = (await loadDriver('modbus-tcp'))!;
    expect(await proveWritesRefused([lineOf(driver)], () => MODBUS)).toMatchObject({
      verdict: 'proved',
      did: expect.stringMatching(/pump \(modbus-tcp\): \d\d frames$/),
    });
  });

  it.each<[string, (driver: AnyDriver) => AnyDriver]>([
    [
      'whose parser takes everything for a read',
      (driver) => ({
        ...driver,
        dissect: () =>
          success({ service: 'read coils', effect: 'read', station: driver.stationOf(driver.options.parse({})) }),
      }),
    ],
    [
      'that declares a service too many',
      (driver) => ({
        ...driver,
        manifest: {
          ...driver.manifest,
          outbound: [...driver.manifest.outbound, { service: 'report server id', effect: 'read' }],
        },
      }),
    ],
  ])('fails for a driver %s', async (_, broken) => {
    const driver = (await loadDriver('modbus-tcp'))!;
    expect(await proveWritesRefused([lineOf(broken(driver))], () => MODBUS)).toMatchObject({
      verdict: 'failed',
      seen: expect.stringMatching(/were not stopped: pump: function code/),
    });
  });

  it.each([
    ['there is no list of frames', (driver: AnyDriver) => [lineOf(driver)], 'comes with no frames to try'],
    ['there are no devices', () => [], 'the configuration has no devices'],
  ])('says so where %s', async (_, lines, seen) => {
    const driver = (await loadDriver('modbus-tcp'))!;
    expect(await proveWritesRefused(lines(driver), () => '/nowhere')).toMatchObject({
      verdict: 'unchecked',
      seen: expect.stringContaining(seen),
    });
  });
});

describe('SR 5.2: the proof that a gateway is one way, put to this process', () => {
  const holder = { pid: process.pid, uid: 0 };
  const configOf = (port: number, lines: readonly unknown[] = []) =>
    ({
      server: { host: '127.0.0.1', port, diode: undefined },
      lines,
      dataDirectory: '/data',
    }) as unknown as GatewayConfig;

  it('fails where it listens, holds where devices call in there, and fails for a connection that is nobody’s', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await proveOneWay(configOf(1), holder)).toMatchObject({
      verdict: 'failed',
      seen: `it listens at tcp 127.0.0.1:${port}`,
    });
    const callIn = [{ medium: { kind: 'listen', port } }];
    expect(await proveOneWay(configOf(1, callIn), holder)).toMatchObject({ verdict: 'proved' });
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    expect((await proveOneWay(configOf(1), holder)).seen).toContain(
      `connected to 127.0.0.1:${port}, which is neither a device nor the server`,
    );
    client.destroy();
    server.close();
  });

  it('fails for a datagram socket', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    expect(await proveOneWay(configOf(1), holder)).toMatchObject({
      verdict: 'failed',
      seen: expect.stringMatching(/it has the socket udp 127\.0\.0\.1:\d+ to 0\.0\.0\.0:0$/),
    });
    socket.close();
  });

  it('cannot be made where no gateway runs, or where it may not be looked at', async () => {
    expect(await proveOneWay(configOf(1), undefined)).toMatchObject({ verdict: 'unchecked' });
    expect(await proveOneWay(configOf(1), { pid: 2 ** 22 + 1, uid: 0 })).toMatchObject({
      verdict: 'unchecked',
      seen: expect.stringContaining('(ENOENT)'),
    });
  });
});
