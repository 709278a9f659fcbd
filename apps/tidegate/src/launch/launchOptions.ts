/** What `start` was asked for, checked: the text of its options as ports, times and paths. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** The options as they come from the command line. */
export interface StartArguments {
  readonly data: string;
  readonly port: string;
  readonly boundaryPort: string;
  readonly plantPorts: string;
  readonly plant: boolean;
  readonly config?: string;
  readonly pastDays?: string;
  readonly speed?: string;
  readonly rowsPerSecond?: string;
  readonly for?: string;
  readonly json?: boolean;
  readonly fresh?: boolean;
}

export interface LaunchOptions {
  readonly directory: string;
  readonly consolePort: number;
  readonly boundaryPort: number;
  /** Ports of the devices of the example plant; empty where it is not started. */
  readonly plantPorts: readonly number[];
  /** Ports of the trains and of the utilities of the example station; empty where it is not started. */
  readonly stationPorts: readonly number[];
  /** Days of history that the example station has before it is served; `undefined` where it has none. */
  readonly pastDays: number | undefined;
  /** Arguments of the plant that set how fast the recordings run. */
  readonly paceArguments: readonly string[];
  /** A gateway configuration of the user's own, in place of the example's. */
  readonly gatewayConfig: string | undefined;
  readonly fresh: boolean;
  /** How long to run; `undefined` until someone stops it. */
  readonly forMs: number | undefined;
  readonly json: boolean;
}

const PLANT_DEVICES = 3;
const STATION_DEVICES = 2;
const MAX_PORT = 65_535;
/** A simulated year takes some seconds, and as much again to bring in. */
const MAX_PAST_DAYS = 1_500;

/** Every option that is wrong, at once, in the detail of the fault `launch.option`. */
export function readLaunchOptions(given: StartArguments): Result<LaunchOptions> {
  const defects: string[] = [];
  const port = (option: string, text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= MAX_PORT) return value;
    defects.push(`${option} takes a port from 1 to ${MAX_PORT}, not "${text}"`);
    return 0;
  };
  const positive = (option: string, text: string | undefined): string[] => {
    if (text === undefined) return [];
    if (!(Number(text) > 0 && Number.isFinite(Number(text))))
      defects.push(`${option} takes a number above 0, not "${text}"`);
    return [option, text];
  };
  const forMs = given.for === undefined ? undefined : parseDurationMs(given.for);
  if (given.for !== undefined && !forMs) defects.push(`--for takes a time such as 60s or 10min, not "${given.for}"`);
  if (given.json && given.for === undefined) defects.push('--json needs --for, such as --for 60s');
  if (given.speed !== undefined && given.rowsPerSecond !== undefined) {
    defects.push('--speed and --rows-per-second exclude each other');
  }
  if (given.pastDays !== undefined && !(Number(given.pastDays) > 0 && Number(given.pastDays) <= MAX_PAST_DAYS)) {
    defects.push(`--past-days takes a number of days up to ${MAX_PAST_DAYS}, not "${given.pastDays}"`);
  }
  const ports = given.plant && given.config === undefined ? readPlantPorts(given.plantPorts, port, defects) : [];
  const options: LaunchOptions = {
    directory: given.data,
    consolePort: port('--port', given.port),
    boundaryPort: port('--boundary-port', given.boundaryPort),
    plantPorts: ports.slice(0, PLANT_DEVICES),
    stationPorts: ports.slice(PLANT_DEVICES),
    pastDays: given.pastDays === undefined ? undefined : Number(given.pastDays),
    paceArguments: [...positive('--speed', given.speed), ...positive('--rows-per-second', given.rowsPerSecond)],
    gatewayConfig: given.config,
    fresh: given.fresh ?? false,
    forMs,
    json: given.json ?? false,
  };
  if (options.pastDays !== undefined && options.stationPorts.length === 0) {
    defects.push('--past-days is the past of the example station, which is not started');
  }
  return defects.length === 0 ? success(options) : failure('launch.option', `${defects.join('; ')}.`);
}

/** One number is the first of as many as there are devices; those of the recordings alone leave out the station. */
function readPlantPorts(
  text: string,
  port: (option: string, text: string) => number,
  defects: string[],
): readonly number[] {
  const given = text.split(',').map((part) => port('--plant-ports', part.trim()));
  const all = PLANT_DEVICES + STATION_DEVICES;
  const ports = given.length === 1 ? Array.from({ length: all }, (_, index) => given[0] + index) : given;
  if (ports.length !== PLANT_DEVICES && ports.length !== all) {
    defects.push(`--plant-ports takes the first port, all ${all}, or ${PLANT_DEVICES} without the station`);
  }
  return ports;
}
