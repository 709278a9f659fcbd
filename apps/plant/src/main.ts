/** The process of the plant: serves recorded data, and a simulated station beside it, until it is told to stop. */

import { appendFileSync } from 'node:fs';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { outliveReaders } from '@tidegate/process/outliveReaders.ts';
import { listenForStop } from '@tidegate/process/stopRequest.ts';
import { Plant } from './plant.ts';
import { readPlantArguments, type StationArguments, USAGE, UsageError } from './plantArguments.ts';

async function main(): Promise<void> {
  const stop = listenForStop();
  const given = readPlantArguments();
  const plant = await Plant.start(given);
  const station = given.station && (await startStation(given.station, plant));
  const tell = (message: object) => {
    if (process.connected) process.send?.(message);
    else console.log(JSON.stringify(message));
  };
  tell({ kind: 'ready', ports: plant.ports });
  const reports = setInterval(() => {
    tell(plant.status());
    if (station) tell(station.status());
  }, 1_000);

  await stop.first;
  clearInterval(reports);
  await Promise.all([plant.stop(), station?.stop()]);
  if (process.connected) process.disconnect?.();
}

/** The OPC UA library is large: whoever wants the recordings only does not load it. The plant stands or falls with it. */
async function startStation({ truthFile, ...options }: StationArguments, plant: Plant) {
  const { StationServer } = await import('./station/serve/stationServer.ts');
  const starting = StationServer.start({
    ...options,
    reveal: (event) => {
      if (truthFile !== undefined) appendFileSync(truthFile, `${JSON.stringify(event)}\n`);
    },
  });
  return starting.catch(async (error) => {
    await plant.stop();
    throw error;
  });
}

outliveReaders();
main().catch((error: NodeJS.ErrnoException) => {
  const usage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  console.error(usage ? `${error.message}\n\n${USAGE}` : `The plant cannot start: ${error.message}`);
  process.exitCode = usage || error.code !== undefined ? EXIT.refused : EXIT.failed;
  if (process.connected) process.disconnect?.();
});
