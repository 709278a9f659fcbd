/**
 * Modbus TCP devices served by modbus-serial: float32 registers that all change every second, the first of them between 0 and
 * 100 and the others slowly.
 *
 * Arguments: tags of each device, how many of them go up and down, then the port of each. To the parent: `{ kind: 'ready' }`.
 */

import { ServerTCP } from 'modbus-serial';

const CHANGE_MS = 1_000;
const REGISTERS_PER_TAG = 2;

const tagsEach = Number(process.argv[2]);
const pulsing = Number(process.argv[3]);
const ports = process.argv.slice(4).map(Number);

const image = new Uint8Array(tagsEach * REGISTERS_PER_TAG * 2);
const view = new DataView(image.buffer);
let second = 0;

function change(): void {
  second++;
  for (let tag = 0; tag < tagsEach; tag++) {
    view.setFloat32(tag * 4, tag < pulsing ? (second % 2) * 100 : 50 + 40 * Math.sin((second + tag * 7) / 60));
  }
}

function words(address: number, length: number): number[] {
  return Array.from({ length }, (_, index) => view.getUint16((address + index) * 2));
}

async function listen(port: number): Promise<void> {
  const unsupported = () => {
    throw Object.assign(new Error('blocks of holding registers only'), { modbusErrorCode: 1 });
  };
  const vector = { getMultipleHoldingRegisters: words, getHoldingRegister: unsupported, setRegister: unsupported };
  const server = new ServerTCP(vector, { host: '127.0.0.1', port });
  server.on('socketError', () => undefined);
  await new Promise((resolve) => server.on('initialized', resolve));
}

change();
setInterval(change, CHANGE_MS);
for (const port of ports) await listen(port);
process.send?.({ kind: 'ready' });
