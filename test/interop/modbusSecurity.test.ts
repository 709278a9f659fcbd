/** Modbus/TCP Security: a pymodbus server that asks for a certificate, and who is not let in or not trusted. */

import { TestAuthority } from '@tidegate/oneway/testbed/certificates.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CertificateFolder } from './certificateFolder.ts';
import { expectedOf, ModbusServer, unitDevice } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { type TestedDevice, TestedLine, tcp } from './testedLine.ts';

let folder: CertificateFolder;
let authority: TestAuthority;
let server: ModbusServer;
let line: TestedLine | undefined;

beforeEach(async () => {
  folder = await CertificateFolder.create();
  authority = await TestAuthority.create();
  const tls = await folder.write(await authority.server());
  server = await ModbusServer.start('pymodbusServer', 'tls', { units: [1], tls });
});

afterEach(async () => {
  await line?.stop();
  await server.stop();
  await folder.remove();
});

function onePoint(): TestedDevice {
  return unitDevice(1, server.points(1).slice(0, 1));
}

describeWithPeer('pymodbus over TLS', 'import pymodbus', () => {
  it('gives all its values to whom it knows', async () => {
    const tls = await folder.write(await authority.gateway('edge'));
    const points = server.points(1);
    line = await TestedLine.start('modbus-tcp', tcp(server.port, { tls }), [unitDevice(1, points)]);
    const readings = await line.latest(points.length);
    expect(readings.map(({ value, status }) => ({ value, status }))).toEqual(points.map(expectedOf));
  });

  it('does not let in a gateway of another authority', async () => {
    const stranger = await (await TestAuthority.create()).gateway('edge');
    const tls = await folder.write({ ...stranger, ca: authority.ca });
    line = await TestedLine.start('modbus-tcp', tcp(server.port, { tls }), [onePoint()]);
    // In TLS 1.3 the client is through with the handshake before the server has judged its certificate: the connection
    // is there, and then it ends.
    const [reading] = await line.latest(1, ({ status }) => status !== 'BadNotConnected');
    expect(reading).toMatchObject({ value: null, status: 'BadCommunicationError' });
    expect(await server.requests()).toBe(0);
    expect(line.kinds()).toEqual(['device.lost']);
  });

  it('is not trusted where its authority is another', async () => {
    const { ca } = await TestAuthority.create();
    const tls = await folder.write({ ...(await authority.gateway('edge')), ca });
    line = await TestedLine.start('modbus-tcp', tcp(server.port, { tls }), [onePoint()]);
    await line.latest(1, () => true);
    expect(line.readings[0]).toMatchObject({ value: null, status: 'BadNotConnected' });
    expect(line.status[0].lastFault).toMatch(/certificate/);
    expect(await server.requests()).toBe(0);
  });

  it('gives nothing to a gateway that speaks plainly', async () => {
    line = await TestedLine.start('modbus-tcp', tcp(server.port), [onePoint()]);
    const [reading] = await line.latest(1, () => true);
    expect(reading.value).toBeNull();
    expect(await server.requests()).toBe(0);
  });
});
