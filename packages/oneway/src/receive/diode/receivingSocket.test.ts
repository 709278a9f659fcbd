import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../testbed/until.ts';
import { dropsOf, openReceivingSocket, type ReceivingSocket } from './receivingSocket.ts';

const TABLE = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
 1230: 0100007F:1F90 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 7
 1231: 00000000:01F9 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0 41
`;

let socket: ReceivingSocket | undefined;
afterEach(() => socket?.close());

async function open(bufferBytes: number, onDatagram = (_datagram: Uint8Array, _from: string) => {}) {
  const opened = await openReceivingSocket({ host: '127.0.0.1', port: 0, bufferBytes, onDatagram });
  if (!opened.ok) throw new Error(opened.fault.detail);
  socket = opened.value;
  return socket;
}

describe('the receiving socket', () => {
  it.each([
    [8_080, 7],
    [505, 41],
    [506, undefined],
  ])('finds the drops of port %i in the table of the kernel', (port, drops) => {
    expect(dropsOf(TABLE, port)).toBe(drops);
  });

  it('says what buffer the kernel gave, and what it dropped for want of it', async () => {
    let received = 0;
    const receiving = await open(4_096, () => received++);
    expect(receiving.bufferBytes).toBeGreaterThanOrEqual(4_096);
    expect(receiving.bufferBytes).toBeLessThan(65_536);
    expect(receiving.kernelDrops).toBe(0);
    const sender = createSocket('udp4');
    const datagram = new Uint8Array(1_400);
    const sent = 200;
    // All in one turn, so that nothing is received between them.
    for (let count = 0; count < sent; count++) sender.send(datagram, receiving.port, '127.0.0.1');
    await until(() => expect(received + (receiving.kernelDrops ?? 0)).toBe(sent));
    expect(receiving.kernelDrops).toBeGreaterThan(0);
    sender.close();
  });

  it('is a fault where another program holds the port', async () => {
    const { port } = await open(4_096);
    const onDatagram = () => {};
    const again = await openReceivingSocket({ host: '127.0.0.1', port, bufferBytes: 4_096, onDatagram });
    expect(again.ok || again.fault.code).toBe('boundary.port');
  });
});
