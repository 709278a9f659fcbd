/** The libraries of others that are compared with: what npm has for Modbus. */

import { once } from 'node:events';
import { Socket } from 'node:net';
import jsmodbus from 'jsmodbus';
import modbusSerial from 'modbus-serial';
import { expectRegister, type OpenReader, type ReaderSettings, type RegisterReader } from './registerReader.ts';

type ReadBlock = (first: number, count: number) => Promise<ArrayLike<number>>;

const TIMEOUT_MS = 5_000;

export const modbusSerialReader: RegisterReader = {
  name: 'modbus-serial',
  async open(settings) {
    const client = new modbusSerial.default();
    await client.connectTCP('127.0.0.1', { port: settings.port });
    client.setID(1);
    client.setTimeout(TIMEOUT_MS);
    const read: ReadBlock = async (first, count) => (await client.readHoldingRegisters(first, count)).data;
    return libraryReader(settings, read, () => new Promise((resolve) => client.close(resolve)));
  },
};

export const jsmodbusReader: RegisterReader = {
  name: 'jsmodbus',
  async open(settings) {
    const socket = new Socket();
    const client = new jsmodbus.client.TCP(socket, 1, TIMEOUT_MS);
    socket.connect({ host: '127.0.0.1', port: settings.port });
    await once(socket, 'connect');
    socket.setNoDelay(true);
    const read: ReadBlock = async (first, count) => {
      const { response } = await client.readHoldingRegisters(first, count);
      return response.body.valuesAsArray;
    };
    return libraryReader(settings, read, async () => {
      socket.end();
      await once(socket, 'close');
    });
  },
};

/** As many calls under way as are wanted; whether the library really sends them at once is its own matter. */
function libraryReader(settings: ReaderSettings, read: ReadBlock, close: () => Promise<unknown>): OpenReader {
  const { registers, registersPerRequest, inFlight } = settings;
  let next = 0;
  const readOn = async (deadlineMs: number): Promise<number> => {
    let requests = 0;
    while (performance.now() < deadlineMs) {
      const first = next;
      next = (next + registersPerRequest) % registers;
      const values = await read(first, registersPerRequest);
      expectRegister(first, values[0]);
      expectRegister(first + registersPerRequest - 1, values[registersPerRequest - 1]);
      requests++;
    }
    return requests;
  };
  return {
    async readUntil(deadlineMs) {
      const answered = await Promise.all(Array.from({ length: inFlight }, () => readOn(deadlineMs)));
      return answered.reduce((sum, requests) => sum + requests, 0);
    },
    async close() {
      await close();
    },
  };
}
