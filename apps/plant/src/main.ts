/** The process of the plant: serves recorded data over Modbus TCP until it is told to stop. */

import { parseArgs } from 'node:util';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { outliveReaders } from '@tidegate/process/outliveReaders.ts';
import { listenForStop } from '@tidegate/process/stopRequest.ts';
import { DEVICE_MODELS, type Pace, Plant } from './plant.ts';

const USAGE = `Usage: node apps/plant/src/main.ts --data DIR [--ports P1,P2,P3] [--rows-per-second N | --speed FACTOR]

Replays three recordings over Modbus TCP on the loopback address, from when the first client connects; at the end of a
recording it begins again.

  --data DIR            directory with the recordings (examples/plant/data)
  --ports P1,P2,P3      ports of the devices ${DEVICE_MODELS.map((model) => model.name).join(', ')} (15020,15021,15022)
  --rows-per-second N   rows of each recording in a second (1)
  --speed FACTOR        instead: the time of the recording, 1 = as it was recorded
`;

class UsageError extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      ports: { type: 'string', default: '15020,15021,15022' },
      'rows-per-second': { type: 'string', default: '1' },
      speed: { type: 'string' },
    },
  });
  if (values.data === undefined) throw new UsageError('--data is missing');
  const ports = values.ports.split(',').map(Number);
  if (ports.length !== DEVICE_MODELS.length || !ports.every((port) => Number.isInteger(port) && port > 0)) {
    throw new UsageError(`--ports needs ${DEVICE_MODELS.length} port numbers`);
  }
  const pace: Pace =
    values.speed === undefined
      ? { rowsPerSecond: positive('--rows-per-second', values['rows-per-second']) }
      : { speed: positive('--speed', values.speed) };
  return { directory: values.data, ports, pace };
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new UsageError(`${option} needs a number above 0`);
  return value;
}

async function main(): Promise<void> {
  const stop = listenForStop();
  const plant = await Plant.start(readOptions());
  const tell = (message: object) => {
    if (process.connected) process.send?.(message);
    else console.log(JSON.stringify(message));
  };
  tell({ kind: 'ready', ports: plant.ports });
  const reports = setInterval(() => tell(plant.status()), 1_000);

  await stop.first;
  clearInterval(reports);
  await plant.stop();
  if (process.connected) process.disconnect?.();
}

outliveReaders();
main().catch((error: NodeJS.ErrnoException) => {
  const usage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(usage ? `${error.message}\n\n${USAGE}` : `The plant cannot start: ${error.message}`);
  process.exitCode = usage || error.code !== undefined ? EXIT.refused : EXIT.failed;
  if (process.connected) process.disconnect?.();
});
