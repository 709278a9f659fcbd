/** What `main.ts probe modbus` is asked to do: its arguments, each checked, all mistakes at once. */

import { parseArgs } from 'node:util';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import {
  modbusAsciiDriver,
  modbusRtuDriver,
  modbusTcpDriver,
} from '@tidegate/edge/acquisition/drivers/modbus/modbusDrivers.ts';
import {
  PROBE_DEFAULTS,
  type ProbedTable,
  type ProbeOptions,
} from '@tidegate/edge/acquisition/drivers/modbus/probe/probeUnit.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { numberOption } from '../numberOption.ts';
import { probedMedium } from '../probedMedium.ts';

const PROBE_OUTPUTS = ['json', 'csv', 'yaml'] as const;

export interface ProbeRequest {
  readonly driver: AnyDriver;
  readonly medium: Medium;
  readonly unit: number;
  readonly timeoutMs: number;
  readonly options: ProbeOptions;
  readonly output: 'table' | (typeof PROBE_OUTPUTS)[number];
  /** What the paths of the tags begin with that are printed to be pasted. */
  readonly prefix: string;
}

export type ProbeArguments =
  | { readonly ok: true; readonly value: ProbeRequest }
  | { readonly ok: false; readonly complaints: readonly string[] };

const OPTIONS = {
  serial: { type: 'string' },
  baud: { type: 'string' },
  format: { type: 'string' },
  rtu: { type: 'boolean' },
  ascii: { type: 'boolean' },
  unit: { type: 'string' },
  table: { type: 'string', default: 'holding' },
  range: { type: 'string', default: '0-999' },
  samples: { type: 'string', default: '5' },
  interval: { type: 'string', default: '1s' },
  'max-rate': { type: 'string', default: '10' },
  timeout: { type: 'string', default: '1s' },
  prefix: { type: 'string' },
  json: { type: 'boolean' },
  csv: { type: 'boolean' },
  yaml: { type: 'boolean' },
} as const;

const TABLES: readonly string[] = ['holding', 'input', 'coil', 'discrete'] satisfies readonly ProbedTable[];
const LAST_ADDRESS = 65_535;
const MAX_SAMPLES = 100;
const MAX_RATE = 100;
const SECOND = 1_000;
const MINUTE = 60_000;

export function readProbeArguments(args: readonly string[]): ProbeArguments {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [place] = positionals;
  const complaints: string[] = [];
  const complain = (complaint: string) => complaints.push(complaint);
  const number = (option: 'unit' | 'samples' | 'max-rate' | 'baud', least: number, most: number) =>
    numberOption(option, values[option], [least, most], complain, option === 'max-rate' ? 'decimal' : 'whole');
  const duration = (option: 'interval' | 'timeout', least: number): number => {
    const ms = parseDurationMs(values[option]);
    if (ms !== undefined && ms >= least && ms <= MINUTE) return ms;
    complain(`--${option} ${values[option]} is not a length of time from ${least}ms to 1min, such as 1s`);
    return 0;
  };

  if (values.rtu && values.ascii) complain('--rtu and --ascii exclude each other');
  if ((place === undefined) === (values.serial === undefined)) complain('name a HOST[:PORT], or a port with --serial');
  const driver = values.ascii ? modbusAsciiDriver : values.rtu || values.serial ? modbusRtuDriver : modbusTcpDriver;
  const medium = probedMedium({ place, ...values }, driver.manifest, complain, () => number('baud', 50, 12_000_000));
  const unit = driver === modbusTcpDriver ? number('unit', 0, 255) : number('unit', 1, 247);
  const tables = values.table.split(',');
  const stray = tables.find((table) => !TABLES.includes(table));
  if (stray !== undefined) complain(`--table ${stray} is none of ${TABLES.join(', ')}`);
  const [first = 0, last = 0] = rangeFrom(values.range, complain);
  const outputs = PROBE_OUTPUTS.filter((output) => values[output]);
  if (outputs.length > 1) complain(`--${outputs.join(' and --')} exclude each other`);
  const maxRate = number('max-rate', 0.01, MAX_RATE);
  const options: ProbeOptions = {
    ...PROBE_DEFAULTS,
    tables: tables as ProbedTable[],
    first,
    last,
    samples: number('samples', 1, MAX_SAMPLES),
    sampleIntervalMs: duration('interval', 0),
    pauseMs: SECOND / maxRate,
  };
  const timeoutMs = duration('timeout', 10);
  if (complaints.length > 0 || medium === undefined) return { ok: false, complaints };
  const prefix = values.prefix ?? `probed/unit-${unit}`;
  return { ok: true, value: { driver, medium, unit, timeoutMs, options, output: outputs[0] ?? 'table', prefix } };
}

function rangeFrom(text: string, complain: (complaint: string) => void): readonly number[] {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const range = [Number(from), Number(to)];
  if (range[0] <= range[1] && range[1] <= LAST_ADDRESS) return range;
  complain(`--range ${text} is no range of addresses, counted from 0, such as 0-999; the last is ${LAST_ADDRESS}`);
  return [];
}
