/**
 * A fleet of Modbus TCP devices in one process: most are well, some are sick.
 *
 * Arguments: a `Health` for each device. To the parent: `{ kind: 'ready', ports }`; then, after each
 * `{ kind: 'measure' }`, what has been heard since is forgotten, and after `{ kind: 'report' }` comes a `FleetReport`.
 */

import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Whether a device answers, takes no connection, answers nothing, or answers what is no Modbus. */
export type Health = 'well' | 'refusing' | 'silent' | 'garbage';

export interface FleetReport {
  readonly kind: 'report';
  /** Requests that came to devices that are well. */
  readonly requests: number;
  /** How much later than at its best moment within the interval each of them came, sorted. */
  readonly jitterMs: readonly number[];
  /** How late a timer of this process was, sorted: what the machine does to everybody at that time. */
  readonly timerMs: readonly number[];
}

const INTERVAL_MS = 1_000;
const MBAP_BYTES = 7;
const REQUEST_BYTES = 12;
const TIMER_MS = 50;
const GARBAGE = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');

const arrivals: number[][] = [];
const timerMs: number[] = [];
/** Registers that all change, as 16 bits of a counter. */
let counter = 0;

function answerTo(request: Buffer): Buffer {
  const count = request.readUInt16BE(10);
  const answer = Buffer.alloc(MBAP_BYTES + 2 + count * 2);
  request.copy(answer, 0, 0, MBAP_BYTES + 1);
  answer.writeUInt16BE(3 + count * 2, 4);
  answer[MBAP_BYTES + 1] = count * 2;
  for (let index = 0; index < count; index++) {
    answer.writeUInt16BE(++counter & 0xffff, MBAP_BYTES + 2 + index * 2);
  }
  return answer;
}

function serve(socket: Socket, health: Health, heardMs: number[]): void {
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    if (health === 'garbage') socket.write(GARBAGE);
    if (health !== 'well') return;
    // The gateway asks one question at a time, so that each piece is one request.
    if (bytes.length !== REQUEST_BYTES) throw new Error(`not one request: ${bytes.toString('hex')}`);
    heardMs.push(performance.now());
    socket.write(answerTo(bytes));
  });
}

async function listen(health: Health): Promise<Server> {
  const heardMs: number[] = [];
  if (health === 'well') arrivals.push(heardMs);
  const server: Server = createServer({ noDelay: true }, (socket) => serve(socket, health, heardMs));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Against the earliest moment within the interval, sought on the side of the middle one. */
function jitterOf(heardMs: readonly number[]): number[] {
  const reference = heardMs[heardMs.length >> 1] ?? 0;
  const offsets = heardMs.map((ms) => {
    const behind = (ms - reference) % INTERVAL_MS;
    return behind - INTERVAL_MS * Math.round(behind / INTERVAL_MS);
  });
  const earliest = Math.min(...offsets);
  return offsets.map((offset) => offset - earliest);
}

process.on('message', ({ kind }: { readonly kind: string }) => {
  if (kind === 'measure') for (const heardMs of [timerMs, ...arrivals]) heardMs.length = 0;
  if (kind !== 'report') return;
  const jitterMs = arrivals.flatMap(jitterOf).sort((a, b) => a - b);
  timerMs.sort((a, b) => a - b);
  process.send?.({ kind: 'report', requests: jitterMs.length, jitterMs, timerMs } satisfies FleetReport);
});

function watchTimer(): void {
  const dueMs = performance.now() + TIMER_MS;
  setTimeout(() => {
    timerMs.push(performance.now() - dueMs);
    watchTimer();
  }, TIMER_MS);
}

watchTimer();
const fleet = process.argv.slice(2) as Health[];
const servers: Server[] = [];
for (const health of fleet) servers.push(await listen(health));
const ports = servers.map((server) => (server.address() as AddressInfo).port);
// Not before all have a port: another one would be given that of a closed one.
for (const [index, health] of fleet.entries()) if (health === 'refusing') servers[index].close();
process.send?.({ kind: 'ready', ports });
