/** One connection to PostgreSQL: commands and COPY in binary form (PostgreSQL 15 documentation, 55.7 and COPY), nothing else. */

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** Version 3.0 of the protocol. */
const PROTOCOL = 3 << 16;
const MESSAGE_HEADER_BYTES = 5;
const COPY_SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1');
/** The signature, flags and the length of an extension, which are both 0. */
const COPY_HEADER = Buffer.concat([COPY_SIGNATURE, Buffer.alloc(8)]);
const COPY_TRAILER = Buffer.from([0xff, 0xff]);
/** Microseconds from 1970 to 2000, where PostgreSQL counts from. */
const POSTGRES_EPOCH_US = Date.UTC(2000, 0, 1) * 1_000;

type Answer = { readonly resolve: (copied: Buffer[]) => void; readonly reject: (error: Error) => void };

export class PostgresConnection {
  readonly #socket: Socket;
  #left: Buffer = Buffer.alloc(0);
  #copied: Buffer[] = [];
  #error: Error | undefined;
  #answer: Answer | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.#answer?.reject(error));
    socket.on('close', () => this.#answer?.reject(new Error('PostgreSQL closed the connection')));
  }

  /** Over the local socket at `socketPath`, for a server that trusts whoever reaches it. */
  static async open(socketPath: string): Promise<PostgresConnection> {
    const socket = createConnection(socketPath);
    await once(socket, 'connect');
    const connection = new PostgresConnection(socket);
    const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
    const start = Buffer.alloc(8);
    start.writeInt32BE(start.length + parameters.length, 0);
    start.writeInt32BE(PROTOCOL, 4);
    await connection.#exchange(() => socket.write(Buffer.concat([start, parameters])));
    return connection;
  }

  /** Resolves when the command is done; throws what the server says against it. */
  async execute(sql: string): Promise<void> {
    await this.#exchange(() => this.#send('Q', Buffer.from(`${sql}\0`)));
  }

  /** The rows of `select`, in the binary form of COPY. */
  async copyOut(select: string): Promise<Buffer> {
    const command = Buffer.from(`COPY (${select}) TO STDOUT (FORMAT binary)\0`);
    const pieces = await this.#exchange(() => this.#send('Q', command));
    return Buffer.concat(pieces).subarray(COPY_HEADER.length, -COPY_TRAILER.length);
  }

  /** Rows in the binary form of COPY, in one transaction. */
  async copyIn(table: string, rows: readonly Buffer[]): Promise<void> {
    await this.#exchange(() => {
      this.#send('Q', Buffer.from(`COPY ${table} FROM STDIN (FORMAT binary)\0`));
      for (const piece of [COPY_HEADER, ...rows, COPY_TRAILER]) this.#send('d', piece);
      this.#send('c', Buffer.alloc(0));
    });
  }

  close(): void {
    this.#answer = undefined;
    this.#socket.end();
  }

  #exchange(send: () => void): Promise<Buffer[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
    this.#answer = { resolve, reject };
    send();
    return promise;
  }

  #send(type: string, body: Buffer): void {
    const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
    header.write(type, 'latin1');
    header.writeInt32BE(body.length + 4, 1);
    this.#socket.write(header);
    this.#socket.write(body);
  }

  #receive(bytes: Buffer): void {
    this.#left = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    let at = 0;
    while (at + MESSAGE_HEADER_BYTES <= this.#left.length) {
      const end = at + 1 + this.#left.readInt32BE(at + 1);
      if (end > this.#left.length) break;
      this.#take(String.fromCharCode(this.#left[at]), this.#left.subarray(at + MESSAGE_HEADER_BYTES, end));
      at = end;
    }
    this.#left = this.#left.subarray(at);
  }

  #take(type: string, body: Buffer): void {
    if (type === 'd') this.#copied.push(body);
    else if (type === 'E') this.#error = new Error(body.toString().replaceAll('\0', ' '));
    else if (type === 'Z') {
      const [answer, copied, error] = [this.#answer, this.#copied, this.#error];
      this.#copied = [];
      this.#error = undefined;
      if (error) answer?.reject(error);
      else answer?.resolve(copied);
    }
  }
}

export type CopyType = 'int4' | 'int8' | 'float8' | 'timestamptz';
const TYPE_BYTES = { int4: 4, int8: 8, float8: 8, timestamptz: 8 } as const;

/** Columns of rows in which nothing is null; a `timestamptz` becomes microseconds since 1970. */
export function decodeCopiedRows(rows: Buffer, types: readonly CopyType[]): Float64Array[] {
  const rowBytes = 2 + types.reduce((sum, type) => sum + 4 + TYPE_BYTES[type], 0);
  const count = rows.length / rowBytes;
  let offset = 2;
  return types.map((type) => {
    offset += 4;
    const column = new Float64Array(count);
    for (let row = 0; row < count; row++) column[row] = readField(rows, row * rowBytes + offset, type);
    offset += TYPE_BYTES[type];
    return column;
  });
}

function readField(rows: Buffer, at: number, type: CopyType): number {
  if (type === 'float8') return rows.readDoubleBE(at);
  const high = rows.readInt32BE(at);
  if (type === 'int4') return high;
  const wide = high * 2 ** 32 + rows.readUInt32BE(at + 4);
  return type === 'int8' ? wide : wide + POSTGRES_EPOCH_US;
}

export function writeTimestamp(row: DataView, at: number, timeUs: number): void {
  const time = timeUs - POSTGRES_EPOCH_US;
  row.setInt32(at, Math.floor(time / 2 ** 32));
  row.setUint32(at + 4, time % 2 ** 32);
}
