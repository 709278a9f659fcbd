/** A driver that is not ours, brought by a configuration, from the controller across the boundary. */

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import { type BlockHeader, type BlockPosition, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import { type StatusCode, statusName } from '@tidegate/core/sample/statusCode.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../apps/gateway/src/testbed/gatewayProcess.ts';
import { Certificates, GATEWAY } from '../apps/gateway/src/testbed/site.ts';
import { type ImitatedController, imitateController } from '../examples/driver-slmp/testbed/imitatedController.ts';
import { ROOT } from './architecture/sourceTree.ts';

const DRIVER = path.join(ROOT, 'examples/driver-slmp/index.ts');
const COMMAND = path.join(ROOT, 'apps/tidegate/src/main.ts');

/** The latest reading of each tag, as `value status`. */
class LatestReadings implements BlockSink {
  readonly readings = new Map<number, string>();
  readonly #positions = new Map<Lane, BlockPosition>();

  async admit() {
    return success(undefined);
  }

  position({ lane }: { readonly lane: Lane }): BlockPosition | undefined {
    return this.#positions.get(lane);
  }

  append(header: BlockHeader, bytes: Uint8Array) {
    const decoded = decodeBlock(bytes, crc32);
    if (!decoded.ok) throw new Error(decoded.fault.detail);
    const { tags, values, kinds, statuses, count } = decoded.value.block;
    for (let index = 0; index < count; index++) {
      const value = kinds[index] === ValueKind.none ? '-' : String(values[index]);
      this.readings.set(tags[index], `${value} ${statusName(statuses[index] as StatusCode)}`);
    }
    this.#positions.set(header.lane, { epoch: header.epoch, sequence: header.sequence });
    return Promise.resolve(success(undefined));
  }

  defineTags() {
    return Promise.resolve(success(undefined));
  }

  heartbeat(): void {}
}

let directory: string;
let certificates: Certificates;
let controller: ImitatedController;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tidegate-driver-of-others-'));
  certificates = new Certificates(GATEWAY);
  controller = await imitateController();
});
afterEach(async () => {
  await controller.close();
  await certificates.remove();
  await rm(directory, { recursive: true });
});

async function configure(serverPort: number): Promise<string> {
  const file = path.join(directory, 'gateway.yaml');
  const text = `gateway: ${GATEWAY}
dataDirectory: data
server: { host: 127.0.0.1, port: ${serverPort}, certificates: ${certificates.of(GATEWAY)} }
drivers: [${DRIVER}]
scanClasses: { fast: 20ms }
devices:
  - name: press
    protocol: slmp
    host: 127.0.0.1
    port: ${controller.port}
    tags:
      - { path: press/force, address: "D350", type: float32, scan: fast }
      - { path: press/strokes, address: "D352", type: uint32, scan: fast }
      - { path: press/guard, address: "X1F", type: bool, scan: fast }
      - { path: press/nowhere, address: "D360", type: uint16, scan: fast }
`;
  await writeFile(file, text);
  return file;
}

function setWords(from: string, ...words: readonly number[]): void {
  const [code, first] = from.split(':');
  for (const [index, word] of words.entries()) controller.words.set(`${code}:${Number(first) + index}`, word);
}

it('reads a controller through a driver that a configuration names', async () => {
  // 12.5 as a float is 41480000; the lower word comes first.
  setWords('a8:350', 0x0000, 0x4148, 0x0001, 0x0002);
  setWords('9c:1', 0x8000);
  const sink = new LatestReadings();
  const receiver = await certificates.receive(sink);
  const gateway = new GatewayProcess(['--config', await configure(receiver.port)]);
  const arrived = (...expected: readonly string[]) =>
    vi.waitFor(() => expect([0, 1, 2, 3].map((tag) => sink.readings.get(tag))).toEqual(expected), 15_000);
  try {
    await arrived('12.5 Good', '131073 Good', '1 Good', '- BadConfigurationError');
    const lastFault = expect.stringContaining('D360 is refused, end code c056');
    const shown = expect.objectContaining({ name: 'press', state: 'running', lastFault });
    await vi.waitFor(() => expect(gateway.status?.devices).toEqual([shown]), 15_000);

    setWords('a8:350', 0x0000, 0xc148);
    setWords('9c:1', 0x7fff);
    await arrived('-12.5 Good', '131073 Good', '0 Good', '- BadConfigurationError');
    expect(controller.strange).toEqual([]);
  } finally {
    gateway.kill('SIGTERM');
    await gateway.ended;
    await receiver.stop();
  }
});

it('is listed and checked as those of the house are', async () => {
  const file = await configure(1);
  const run = (...args: readonly string[]) => execFileSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
  expect(run('drivers', '--config', file)).toContain(
    `\nslmp: SLMP (MELSEC, 3E frames in binary), over tcp, port 5007, of ${DRIVER}\n  read  read  always allowed\n`,
  );
  const page = run('drivers', 'slmp', '--config', file);
  expect(page).toMatch(/^ {2}station +default 255 +the station in its network/m);
  expect(page).toContain('    - name: press-1');
  expect(run('config', 'check', file)).toMatch(/press +slmp 127\.0\.0\.1:\d+ +station 255 +4 tags/);
});
