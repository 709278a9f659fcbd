/** The line, the devices and the tags of a bus that was overheard, to be pasted into gateway.yaml and named there. */

import type { OverheardBus, OverheardStation } from '@tidegate/edge/acquisition/drivers/profibus/probe/overhearBus.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { configurationHex } from './configurationHex.ts';

/** The name of a scan class, which whoever pastes the tags has to have, or to change. */
const SCAN = 'slow';
const LINE = 'bus';
/** What a module of so many bytes is taken for; the data of others are read byte by byte. */
const TYPE_OF_BYTES: Readonly<Record<number, string>> = { 1: 'uint8', 2: 'uint16', 4: 'uint32' };

interface ProbedTag {
  readonly address: string;
  readonly type: string;
}

export function busYaml({ stations }: OverheardBus, medium: Medium, prefix: string): string {
  const slaves = stations.filter(({ role }) => role === 'slave');
  const devices =
    slaves.length === 0 ? ['devices: []'] : ['devices:', ...slaves.flatMap((slave) => deviceLines(slave, prefix))];
  return ['lines:', `  - name: ${LINE}`, ...mediumLines(medium).map((line) => `    ${line}`), ...devices, ''].join(
    '\n',
  );
}

function mediumLines(medium: Medium): string[] {
  switch (medium.kind) {
    case 'serial': {
      const { path, baudRate, dataBits, parity, stopBits } = medium;
      const format = `${dataBits}${parity[0].toUpperCase()}${stopBits}`;
      return [`serial: ${JSON.stringify(path)}`, `baudRate: ${baudRate}`, `format: ${format}`];
    }
    case 'recording':
      return [`recording: ${JSON.stringify(medium.path)}`, `baudRate: ${medium.baudRate}`];
    case 'tcp':
    case 'listen':
      return [`host: ${JSON.stringify(medium.host)}`, `port: ${medium.port}`];
  }
}

function deviceLines(station: OverheardStation, prefix: string): string[] {
  const { address, configuration } = station;
  const tagLine = (tag: ProbedTag) => {
    const path = `${prefix}/station-${address}/${tag.address.replaceAll(/[:/]/g, '-')}`;
    return `      - { path: ${JSON.stringify(path)}, address: "${tag.address}", type: ${tag.type}, scan: ${SCAN} }`;
  };
  return [
    `  - name: station-${address}`,
    '    protocol: profibus-dp',
    `    line: ${LINE}`,
    `    station: ${address}`,
    ...(configuration ? [`    configuration: "${configurationHex(configuration.bytes)}"`] : []),
    '    tags:',
    ...[...imageTags(station), { address: 'diagnosis:state', type: 'string' }].map(tagLine),
  ];
}

/** By modules where the configuration is known and is that of the data, byte by byte otherwise. */
function imageTags({ configuration, inputBytes = 0, outputBytes = 0 }: OverheardStation): ProbedTag[] {
  if (configuration?.inputBytes !== inputBytes || configuration.outputBytes !== outputBytes) {
    return [...byteTags('input', inputBytes), ...byteTags('output', outputBytes)];
  }
  return configuration.modules.flatMap((module) => [
    ...moduleTags(`slot:${module.slot}/input`, module.inputBytes),
    ...moduleTags(`slot:${module.slot}/output`, module.outputBytes),
  ]);
}

function moduleTags(area: string, bytes: number): ProbedTag[] {
  const type = TYPE_OF_BYTES[bytes];
  return type === undefined ? byteTags(area, bytes) : [{ address: `${area}:0`, type }];
}

function byteTags(area: string, bytes: number): ProbedTag[] {
  return Array.from({ length: bytes }, (_, offset) => ({ address: `${area}:${offset}`, type: 'uint8' }));
}
