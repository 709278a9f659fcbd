/**
 * The peer: the same values as a user without Tidegate would carry them, one JSON object per message through mosquitto
 * with MQTT.js at QoS 1, appended to a file by the subscriber.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { connectAsync, type MqttClient } from 'mqtt';

export interface PeerResult {
  readonly values: number;
  readonly seconds: number;
}

/** Messages on their way at once: enough to keep the broker busy, as a careful user would set it. */
const IN_FLIGHT = 1_000;

export function findMosquitto(): string | undefined {
  return ['mosquitto', '/usr/sbin/mosquitto'].find((program) => spawnSync(program, ['-h']).error === undefined);
}

/** Publishes every sample of `batches` and waits until the subscriber has written all of them to a file and synced it. */
export async function runBrokerPeer(
  mosquitto: string,
  directory: string,
  port: number,
  batches: readonly SampleBlock[],
): Promise<PeerResult> {
  const configuration = path.join(directory, 'mosquitto.conf');
  await writeFile(
    configuration,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n`,
  );
  const broker = spawn(mosquitto, ['-c', configuration], { stdio: 'ignore' });
  try {
    return await carry(port, path.join(directory, 'peer.jsonl'), batches);
  } finally {
    await stop(broker);
  }
}

async function carry(port: number, file: string, batches: readonly SampleBlock[]): Promise<PeerResult> {
  const url = `mqtt://127.0.0.1:${port}`;
  const subscriber = await connectAsync(url, { reconnectPeriod: 50 });
  const publisher = await connectAsync(url, { reconnectPeriod: 50 });
  const values = batches.reduce((sum, batch) => sum + batch.count, 0);
  const output = createWriteStream(file, { flush: true });
  const received = receive(subscriber, output, values);
  await subscriber.subscribeAsync('plant/#', { qos: 1 });

  const begin = performance.now();
  await publishAll(publisher, batches);
  await received;
  output.end();
  await once(output, 'finish');
  const seconds = (performance.now() - begin) / 1_000;
  await Promise.all([publisher.endAsync(), subscriber.endAsync()]);
  return { values, seconds };
}

function receive(subscriber: MqttClient, output: NodeJS.WritableStream, expected: number): Promise<void> {
  let count = 0;
  return new Promise((resolve) => {
    subscriber.on('message', (_topic, payload) => {
      output.write(`${payload}\n`);
      if (++count === expected) resolve();
    });
  });
}

async function publishAll(publisher: MqttClient, batches: readonly SampleBlock[]): Promise<void> {
  let inFlight = 0;
  let resume = () => {};
  const arrived = () => {
    inFlight--;
    resume();
  };
  for (const batch of batches) {
    for (let at = 0; at < batch.count; at++) {
      const topic = `plant/line-${batch.tags[at] % 10}/tag-${batch.tags[at]}`;
      const value = { time: batch.times[at], value: batch.values[at], status: batch.statuses[at] };
      inFlight++;
      publisher.publish(topic, JSON.stringify(value), { qos: 1 }, arrived);
      if (inFlight >= IN_FLIGHT) await new Promise<void>((resolve) => (resume = resolve));
    }
  }
}

async function stop(broker: ChildProcess): Promise<void> {
  const exited = once(broker, 'exit');
  broker.kill();
  await exited;
}
