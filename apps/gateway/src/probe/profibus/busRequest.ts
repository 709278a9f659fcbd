/** What `main.ts probe profibus` is asked to do: its arguments, each checked, all mistakes at once. */

import { parseArgs } from 'node:util';
import { BIT_RATES } from '@tidegate/edge/acquisition/drivers/profibus/fdl/bitRate.ts';
import { manifest } from '@tidegate/edge/acquisition/drivers/profibus/manifest.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { numberOption } from '../numberOption.ts';
import { probedMedium } from '../probedMedium.ts';

export interface BusRequest {
  /** The bit rate of a serial port holds good only where it is not looked for. */
  readonly medium: Medium;
  readonly findsBitRate: boolean;
  readonly listenMs: number;
  readonly output: 'table' | 'json' | 'yaml';
  /** What the paths of the tags begin with that are printed to be pasted. */
  readonly prefix: string;
}

type BusArguments =
  | { readonly ok: true; readonly value: BusRequest }
  | { readonly ok: false; readonly complaints: readonly string[] };

const OPTIONS = {
  serial: { type: 'string' },
  baud: { type: 'string' },
  format: { type: 'string' },
  host: { type: 'string' },
  recording: { type: 'string' },
  seconds: { type: 'string', default: '3' },
  prefix: { type: 'string', default: 'probed' },
  json: { type: 'boolean' },
  yaml: { type: 'boolean' },
} as const;

const SECOND = 1_000;
const LONGEST_SECONDS = 3_600;

export function readBusArguments(args: readonly string[]): BusArguments {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { serial, host, recording, baud, json, yaml } = values;
  const complaints: string[] = [];
  const complain = (complaint: string) => complaints.push(complaint);
  if ([serial, host, recording].filter((place) => place !== undefined).length !== 1) {
    complain('name one of --serial PATH, --host HOST:PORT and --recording FILE');
  }
  const findsBitRate = serial !== undefined && baud === undefined;
  const bitRate = () => (findsBitRate ? BIT_RATES[0] : numberOption('baud', baud, [50, 12_000_000], complain));
  const medium = probedMedium({ place: host, ...values }, manifest, complain, bitRate);
  // The rotation of the token is a mean over a whole second.
  const seconds = numberOption('seconds', values.seconds, [1, LONGEST_SECONDS], complain, 'decimal');
  if (json && yaml) complain('--json and --yaml exclude each other');
  if (complaints.length > 0 || medium === undefined) return { ok: false, complaints };
  const output = json ? 'json' : yaml ? 'yaml' : 'table';
  return { ok: true, value: { medium, findsBitRate, listenMs: seconds * SECOND, output, prefix: values.prefix } };
}
