/** What the diode carries: values a second at 25 % parity, a gigabyte over a bad link, a burst, and loss beyond repair. */

import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import { type RunningDiodeReceiver, startDiodeReceiver } from '@tidegate/oneway/receive/diode/diodeReceiver.ts';
import { keyOf } from '@tidegate/oneway/testbed/diodeBoundary.ts';
import { type KernelSpeed, measureKernels } from '@tidegate/oneway/testbed/diodeKernels.ts';
import type { DiodeSenderOptions, DiodeSenderResult } from './diodeSender.ts';

export interface DiodeRun {
  readonly blocks: number;
  readonly values: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Blocks that came, and blocks that gap records name: together they are all. */
  readonly received: number;
  readonly missed: number;
  readonly gaps: number;
  /** Datagrams that the link lost, and data symbols that were restored. */
  readonly lost: number;
  readonly repaired: number;
  readonly kernelDrops: number;
  /** Bytes of symbols sent for each byte of blocks, less one. */
  readonly overhead: number;
  /** Processor seconds for each second at either end. */
  readonly senderCpu: number;
  readonly receiverCpu: number;
}

type DiodeRunOptions = Omit<DiodeSenderOptions, 'port' | 'secret'>;

export interface DiodeFigures {
  readonly kernels: readonly KernelSpeed[];
  /** A quarter of parity, nothing lost. */
  readonly speed: DiodeRun;
  /** A gigabyte of blocks, a tenth of the datagrams lost. */
  readonly gigabyte: DiodeRun;
  /** 200 datagrams in a row lost, with the defaults. */
  readonly burst: DiodeRun;
  /** Three tenths lost, which is beyond repair with the defaults. */
  readonly beyondRepair: DiodeRun;
}

/** The rate on the wire; parity and headers are in it. */
const DEFAULTS = { k: 64, m: 16, interleave: 16, bytesPerSecond: 40_000_000 };
/** A third of parity bears a tenth of loss: a group of 168 is lost once in seventeen million. */
const BAD_LINK = { k: 128, m: 40, interleave: 8, bytesPerSecond: 32_000_000 };
const GIGABYTE_BLOCKS = 40_000;

/** Takes about a minute and a half. Throws where a run ends with blocks of which nothing is known. */
export async function measureDiode(): Promise<DiodeFigures> {
  return {
    kernels: measureKernels(),
    speed: await runDiode({ ...DEFAULTS, blocks: 5_000 }),
    gigabyte: await runDiode({ ...BAD_LINK, blocks: GIGABYTE_BLOCKS, loss: { kind: 'random', part: 0.1 } }),
    burst: await runDiode({ ...DEFAULTS, blocks: 2_000, loss: { kind: 'burst', count: 200 } }),
    beyondRepair: await runDiode({ ...DEFAULTS, blocks: 2_000, loss: { kind: 'random', part: 0.3 } }),
  };
}

const POLL_MS = 5;
const LIMIT_MS = 300_000;
/** Of a full group in packets of 1500 bytes. */
const SYMBOL_BYTES = 1_392;

/** Counts what it is given and keeps none of it. */
class CountingSink implements BlockSink {
  blocks = 0;
  values = 0;

  async admit(): Promise<Result<void>> {
    return success(undefined);
  }

  position(): undefined {
    return undefined;
  }

  async append({ count }: BlockHeader): Promise<Result<void>> {
    this.blocks++;
    this.values += count;
    return success(undefined);
  }

  async defineTags(): Promise<Result<void>> {
    return success(undefined);
  }

  heartbeat(): void {}
}

/** One run, with the sender in a process of its own; from the first datagram until every block has come or is missed. */
async function runDiode(options: DiodeRunOptions): Promise<DiodeRun> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-diode-bench-'));
  const secret = randomBytes(32);
  const sink = new CountingSink();
  let [missed, gaps] = [0, 0];
  const receiver = await startDiodeReceiver({
    ...{ host: '127.0.0.1', port: 0, keys: new Map([['north', keyOf(secret)]]), sink, clock: systemClock },
    events: () => {},
    sessionFile: path.join(directory, 'sessions.json'),
    onGap: ({ from, to }) => {
      missed += to.sequence - from.sequence + 1;
      gaps++;
    },
  });
  if (!receiver.ok) throw new Error(receiver.fault.detail);
  const sending = { ...options, port: receiver.value.port, secret: secret.toString('hex') };
  const sender = fork(path.join(import.meta.dirname, 'diodeSender.ts'), [JSON.stringify(sending)]);
  try {
    await once(sender, 'message');
    const began = { ms: performance.now(), cpu: process.cpuUsage() };
    sender.send({ kind: 'go' });
    while (sink.blocks + missed < options.blocks) {
      if (performance.now() - began.ms > LIMIT_MS) throw new Error(`${sink.blocks} blocks came, ${missed} are missed`);
      await sleep(POLL_MS);
    }
    const seconds = (performance.now() - began.ms) / 1_000;
    const { user, system } = process.cpuUsage(began.cpu);
    const result = await finish(sender);
    const [{ repaired }] = streamsOf(receiver.value);
    return {
      ...{
        blocks: options.blocks,
        values: sink.values,
        bytes: result.bytes,
        seconds,
        received: sink.blocks,
        missed,
        gaps,
      },
      ...{ lost: result.lost, repaired, kernelDrops: receiver.value.status().kernelDrops ?? 0 },
      overhead: (result.datagrams * SYMBOL_BYTES) / result.bytes - 1,
      ...{ senderCpu: result.cpu, receiverCpu: (user + system) / 1e6 / seconds },
    };
  } finally {
    sender.kill();
    await receiver.value.stop();
    await rm(directory, { recursive: true });
  }
}

function streamsOf(receiver: RunningDiodeReceiver) {
  return receiver.status().gateways[0].streams;
}

async function finish(sender: ChildProcess): Promise<DiodeSenderResult> {
  sender.send({ kind: 'received' });
  const [result] = await once(sender, 'message');
  return result as DiodeSenderResult;
}
