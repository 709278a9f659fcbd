/** The arguments of the plant's process, checked. */

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEVICE_MODELS, type Pace } from './plant.ts';
import type { Fault } from './station/faults/fault.ts';
import { readFaultPlan } from './station/faults/faultPlan.ts';
import type { StationPast } from './station/serve/stationServer.ts';

/** The trains over Modbus TCP, the utilities over OPC UA. */
const STATION_PORTS = 2;

export const USAGE = `Usage: node apps/plant/src/main.ts --data DIR [--ports P1,...] [--rows-per-second N | --speed FACTOR] [station]

Replays three recordings over Modbus TCP on the loopback address, from when the first client connects; at the end of a
recording it begins again. Beside them a compressor station is simulated, with its trains over Modbus TCP and its
substation over OPC UA, unless only the three ports of the recordings are given.

  --data DIR            directory with the recordings (examples/plant/data)
  --ports P1,...        ports of ${DEVICE_MODELS.map((model) => model.name).join(', ')},
                        then of the station's trains and of its OPC UA server (15020,15021,15022,15023,15024)
  --rows-per-second N   rows of each recording in a second (1)
  --speed FACTOR        instead: the time of the recording, 1 = as it was recorded; the station runs as fast

Of the station:
  --certificates DIR    where its OPC UA server keeps key and certificate; made where there are none
  --seed N              weather, noise and differences between machines (1)
  --faults FILE         a plan of faults, CSV (apps/plant/README.md)
  --past-days N         has run for so long, and goes on from there; without it, since midnight in a winter
  --past-file FILE      where the samples of those days go (docs/formats/sample-table.md)
  --truth FILE          what truly goes wrong is appended here, one JSON object a line
`;

export class UsageError extends Error {}

export interface StationArguments {
  readonly modbusPort: number;
  readonly opcUaPort: number;
  readonly certificates: string;
  readonly seed: number;
  readonly speed: number;
  readonly faults: readonly Fault[];
  readonly past: StationPast | undefined;
  readonly truthFile: string | undefined;
}

export interface PlantArguments {
  readonly directory: string;
  readonly ports: readonly number[];
  readonly pace: Pace;
  /** `undefined` where the recordings are all that is wanted. */
  readonly station: StationArguments | undefined;
}

/** Throws a `UsageError`, or what `parseArgs` throws. */
export function readPlantArguments(): PlantArguments {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      ports: { type: 'string', default: '15020,15021,15022,15023,15024' },
      'rows-per-second': { type: 'string', default: '1' },
      speed: { type: 'string' },
      certificates: { type: 'string' },
      seed: { type: 'string', default: '1' },
      faults: { type: 'string' },
      'past-days': { type: 'string' },
      'past-file': { type: 'string' },
      truth: { type: 'string' },
    },
  });
  if (values.data === undefined) throw new UsageError('--data is missing');
  const speed = values.speed === undefined ? undefined : positive('--speed', values.speed);
  const ports = readPorts(values.ports);
  const recorded = ports.slice(0, DEVICE_MODELS.length);
  const pace: Pace =
    speed === undefined ? { rowsPerSecond: positive('--rows-per-second', values['rows-per-second']) } : { speed };
  if (ports.length === recorded.length) return { directory: values.data, ports, pace, station: undefined };
  if (values.certificates === undefined) throw new UsageError('--certificates is missing; the station needs it');
  const [modbusPort, opcUaPort] = ports.slice(recorded.length);
  const station = {
    modbusPort,
    opcUaPort,
    certificates: values.certificates,
    seed: wholeNumber('--seed', values.seed),
    speed: speed ?? 1,
    faults: values.faults === undefined ? [] : readFaults(values.faults),
    past: readPast(values['past-days'], values['past-file']),
    truthFile: values.truth,
  };
  return { directory: values.data, ports: recorded, pace, station };
}

function readPorts(text: string): readonly number[] {
  const ports = text.split(',').map(Number);
  const counts = [DEVICE_MODELS.length, DEVICE_MODELS.length + STATION_PORTS];
  if (!counts.includes(ports.length) || !ports.every((port) => Number.isInteger(port) && port > 0)) {
    throw new UsageError(`--ports needs ${counts.join(' or ')} port numbers`);
  }
  return ports;
}

function readPast(days: string | undefined, file: string | undefined): StationPast | undefined {
  if ((days === undefined) !== (file === undefined)) {
    throw new UsageError('--past-days and --past-file belong together');
  }
  return days === undefined || file === undefined ? undefined : { days: positive('--past-days', days), file };
}

function readFaults(file: string): readonly Fault[] {
  const { faults, defects } = readFaultPlan(readFileSync(file, 'utf8'));
  if (defects.length > 0) throw new UsageError(`${file}: ${defects.join('; ')}`);
  return faults;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) throw new UsageError(`${option} needs a number above 0`);
  return value;
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${option} needs a whole number from 0`);
  return value;
}
