/**
 * A controller for tests: answers reads as the worked example of the manual is answered, out of words that a test sets.
 * Written from that example alone (`vectors/reference.hex`), without the driver's code.
 */

import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface ImitatedController {
  readonly port: number;
  /** By the code of the memory and the number of the word, such as `a8:350`. */
  readonly words: Map<string, number>;
  /** Everything that came and was not the one kind of request that the example shows, in hexadecimal. */
  readonly strange: readonly string[];
  close(): Promise<void>;
}

const REQUEST = /^500000ffff03000c00....01040000(?<number>......)(?<code>..)(?<words>....)$/;
const REQUEST_BYTES = 21;
const BIT_MEMORY = ['90', '91', '92', '93', '9c', '9d', 'a0', 'a1'];

export async function imitateController(): Promise<ImitatedController> {
  const words = new Map<string, number>();
  const strange: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let buffered = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      buffered = Buffer.concat([buffered, bytes]);
      for (; buffered.length >= REQUEST_BYTES; buffered = buffered.subarray(REQUEST_BYTES)) {
        const hex = buffered.toString('hex', 0, REQUEST_BYTES);
        const answer = answerTo(hex, words);
        if (answer === undefined) strange.push(hex);
        else socket.write(Buffer.from(answer, 'hex'));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    words,
    strange,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function answerTo(request: string, words: ReadonlyMap<string, number>): string | undefined {
  const { number = '', code = '', words: count = '' } = REQUEST.exec(request)?.groups ?? {};
  if (code === '') return undefined;
  const first = fromLittleEndian(number) / (BIT_MEMORY.includes(code) ? 16 : 1);
  const values = Array.from({ length: fromLittleEndian(count) }, (_, index) => words.get(`${code}:${first + index}`));
  if (values.includes(undefined)) return 'd00000ffff03000b0056c000ffff030001040000';
  const data = values.map((value) => toLittleEndian(value ?? 0)).join('');
  return `d00000ffff0300${toLittleEndian(2 + 2 * values.length)}0000${data}`;
}

function fromLittleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUIntLE(0, hex.length / 2);
}

function toLittleEndian(value: number): string {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes.toString('hex');
}
