/** What was overheard on a bus, for people, for programs, and to be pasted into a configuration. */

import { formatIdent } from '@tidegate/edge/acquisition/drivers/profibus/dp/formatIdent.ts';
import type { OverheardBus, OverheardStation } from '@tidegate/edge/acquisition/drivers/profibus/probe/overhearBus.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { alignedColumns } from '../../alignedColumns.ts';
import type { BusRequest } from './busRequest.ts';
import { busYaml } from './busYaml.ts';
import { configurationHex } from './configurationHex.ts';

const HEADER = ['station', 'role', 'ident', 'state', 'inputs', 'outputs', 'configuration'];
const MISSING = '-';
/** Less of it makes sense on no line in good order. */
const DOUBTFUL = 0.5;

export function formatBus(bus: OverheardBus, medium: Medium, { output, prefix }: BusRequest): string {
  switch (output) {
    case 'json':
      return `${JSON.stringify(asJson(bus, bitRateOf(medium)), undefined, 2)}\n`;
    case 'yaml':
      return busYaml(bus, medium, prefix);
    default:
      return [...busLines(bus, bitRateOf(medium)), '', ...stationLines(bus), ''].join('\n');
  }
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function bitRateOf(medium: Medium): number | undefined {
  return 'baudRate' in medium ? medium.baudRate : undefined;
}

function busLines(bus: OverheardBus, bitRate: number | undefined): string[] {
  const { score, masters, rotation, telegramsPerS, noiseBytes, checkErrors } = bus;
  const doubt = score < DOUBTFUL ? ': doubtful' : '';
  return [
    `bit rate: ${bitRate === undefined ? 'that of the serial server' : `${bitRate} bit/s`}; ${percent(score)} of the bytes make sense${doubt}`,
    `masters in the ring: ${masters.length === 0 ? 'none heard' : masters.join(', ')}`,
    `token rotation: ${rotation ? `${rotation.meanMs.toFixed(2)} ms, at most ${rotation.maxMs.toFixed(2)} ms` : 'not known'}`,
    `telegrams: ${telegramsPerS.toFixed(0)}/s`,
    `noise: ${noiseBytes} bytes; check errors: ${checkErrors}`,
  ];
}

function stationLines({ stations }: OverheardBus): string[] {
  const rows = stations.map(({ address, role, ident, state, inputBytes, outputBytes, configuration }) => [
    String(address),
    role,
    ident === undefined ? MISSING : formatIdent(ident),
    state ?? MISSING,
    inputBytes === undefined ? MISSING : String(inputBytes),
    outputBytes === undefined ? MISSING : String(outputBytes),
    configuration ? configurationHex(configuration.bytes) : MISSING,
  ]);
  return alignedColumns([HEADER, ...rows]);
}

function asJson({ stations, rotation, ...bus }: OverheardBus, bitRate: number | undefined) {
  return { bitRate: bitRate ?? null, ...bus, rotation: rotation ?? null, stations: stations.map(stationJson) };
}

function stationJson({ address, role, ident, state, inputBytes, outputBytes, configuration }: OverheardStation) {
  return {
    address,
    role,
    ident: ident ?? null,
    state: state ?? null,
    inputBytes: inputBytes ?? null,
    outputBytes: outputBytes ?? null,
    configuration: configuration ? configurationHex(configuration.bytes) : null,
  };
}
