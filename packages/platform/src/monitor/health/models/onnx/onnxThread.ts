/** The thread that ONNX models run in: what hangs, grows or breaks there is ended without the server. */

import { parentPort } from 'node:worker_threads';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { OnnxOrder, OpenOrder } from './onnxOrder.ts';
import { OnnxSession } from './onnxSession.ts';

/** Of 64 KiB: half a gigabyte. The limits of a thread do not count the memory of WebAssembly. */
const MOST_PAGES = 8_192;

type Runtime = typeof import('onnxruntime-web');

const sessions = new Map<string, OnnxSession>();
let runtime: Promise<Result<Runtime>> | undefined;

parentPort?.on('message', async (order: OnnxOrder) => {
  parentPort?.postMessage(await answer(order));
});

async function answer(order: OnnxOrder): Promise<Result<unknown>> {
  if (order.kind === 'open') return open(order);
  const session = sessions.get(order.key);
  if (!session) throw new Error(`rows for a model that was not opened: ${order.key}`);
  return session.score(order.rows);
}

async function open(order: OpenOrder): Promise<Result<unknown>> {
  runtime ??= load();
  const loaded = await runtime;
  if (!loaded.ok) return loaded;
  const session = await OnnxSession.open(loaded.value, order);
  if (!session.ok) return session;
  sessions.set(order.key, session.value);
  return success(session.value.ends);
}

async function load(): Promise<Result<Runtime>> {
  limitMemory();
  try {
    const loaded = await import('onnxruntime-web');
    loaded.env.wasm.numThreads = 1;
    loaded.env.logLevel = 'fatal';
    return success(loaded);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    return failure('health.onnx-missing', 'The package onnxruntime-web is not installed beside the server.');
  }
}

/** As the JavaScript interface of WebAssembly has it, section 5.3. */
interface MemoryDescriptor {
  readonly maximum?: number;
}

/** Before the runtime is loaded: it makes its memory once, and says itself how far that may grow. */
function limitMemory(): void {
  const assembly: { Memory: new (descriptor: MemoryDescriptor) => object } = Reflect.get(globalThis, 'WebAssembly');
  assembly.Memory = class extends assembly.Memory {
    constructor({ maximum = MOST_PAGES, ...others }: MemoryDescriptor) {
      super({ ...others, maximum: Math.min(maximum, MOST_PAGES) });
    }
  };
}
