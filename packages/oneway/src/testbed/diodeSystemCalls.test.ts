import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from './until.ts';

const TRACER = 'strace';
const TRACEABLE = spawnSync(TRACER, ['-V']).status === 0;
const REASON = TRACEABLE ? '' : ` (not shown: ${TRACER} is not installed)`;
const END = path.join(import.meta.dirname, 'diodeEnd.ts');
/** Calls that neither send nor receive. */
const ABOUT_THE_SOCKET = /^(bind|setsockopt|getsockopt|getsockname)$/;
const CALLS = 'trace=network,read,readv,write,writev,close';

let directory: string;
let ends: ChildProcess[];
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'tidegate-diode-'));
  ends = [];
});
afterEach(() => {
  for (const end of ends) end.kill();
  rmSync(directory, { recursive: true });
});

function traced(role: string, place: string): ChildProcess & { readonly trace: string } {
  const trace = path.join(directory, `${role}.trace`);
  const run = ['-f', '-o', trace, '-e', CALLS, process.execPath, END, role, place];
  const end = spawn(TRACER, run, { stdio: ['pipe', 'pipe', 'inherit'] });
  ends.push(end);
  return Object.assign(end, { trace });
}

/** The names of the calls on the UDP socket of a traced process, from its making to its end, each with how often. */
function callsOnSocket(trace: string): Map<string, number> {
  const calls = new Map<string, number>();
  let socket: string | undefined;
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    socket ??= /socket\(AF_INET6?, SOCK_DGRAM\S*, \S+\) = (\d+)/.exec(line)?.[1];
    const call = /^\d+ +(\w+)\((\d+)[,)]/.exec(line);
    if (!socket || call?.[2] !== socket) continue;
    if (call[1] === 'close') break;
    calls.set(call[1], (calls.get(call[1]) ?? 0) + 1);
  }
  return calls;
}

async function ended(end: ChildProcess): Promise<void> {
  const exit = once(end, 'exit');
  end.stdin?.end();
  await exit;
}

describe('SR 5.2 RE 1: what the ends of a diode ask of the kernel', () => {
  it.skipIf(!TRACEABLE)(`the sender receives nothing, although somebody sends to it${REASON}`, async () => {
    const receiver = createSocket('udp4');
    receiver.bind(0, '127.0.0.1');
    await once(receiver, 'listening');
    let answered = 0;
    receiver.on('message', (_datagram: Uint8Array, { port, address }: RemoteInfo) => {
      receiver.send('an answer', port, address, () => answered++);
    });
    const sender = traced('send', String(receiver.address().port));
    await until(() => expect(answered).toBeGreaterThan(30));
    // From here on the sender's datagrams cause ICMP errors: port unreachable.
    receiver.close();
    const calls = () => callsOnSocket(sender.trace).get('sendmsg') ?? 0;
    const before = calls();
    await until(() => expect(calls()).toBeGreaterThan(before + 30));
    await ended(sender);
    expect(calls()).toBeGreaterThan(60);
    expect([...callsOnSocket(sender.trace).keys()].filter((name) => !ABOUT_THE_SOCKET.test(name))).toEqual(['sendmsg']);
  });

  it.skipIf(!TRACEABLE)(`the receiver sends nothing, although a sender is there${REASON}`, async () => {
    const receiver = traced('receive', directory);
    const [port] = await once(receiver.stdout as NodeJS.EventEmitter, 'data');
    const sender = spawn(process.execPath, [END, 'send', String(port).trim()], {
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    ends.push(sender);
    await until(() => expect(callsOnSocket(receiver.trace).get('recvmsg')).toBeGreaterThan(30));
    await ended(sender);
    await ended(receiver);
    const calls = [...callsOnSocket(receiver.trace).keys()];
    expect(calls.filter((name) => !ABOUT_THE_SOCKET.test(name))).toEqual(['recvmsg']);
  });
});
