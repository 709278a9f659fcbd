/** Every dissector there is, by the folder of its protocol. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import { dissectDnp3Fragment } from '@tidegate/dissect/dnp3/dissectDnp3Fragment.ts';
import { dissectDnp3Link } from '@tidegate/dissect/dnp3/dissectDnp3Link.ts';
import { dissectDnp3Segment } from '@tidegate/dissect/dnp3/dissectDnp3Segment.ts';
import { dissectModbus } from '@tidegate/dissect/modbus/dissectModbus.ts';
import { dissectOpcUaChunk } from '@tidegate/dissect/opcua/dissectOpcUaChunk.ts';
import { dissectProfibus } from '@tidegate/dissect/profibus/dissectProfibus.ts';
import type { Repair } from './repair/repair.ts';
import { repairDnp3 } from './repair/repairDnp3.ts';
import { repairModbusAscii, repairModbusRtu, repairModbusTcp } from './repair/repairModbus.ts';
import { repairOpcua } from './repair/repairOpcua.ts';
import { repairProfibus } from './repair/repairProfibus.ts';

export interface FuzzedDissector {
  readonly name: string;
  readonly folder: string;
  readonly repair: Repair;
  readonly dissect: (bytes: Uint8Array) => Result<unknown>;
}

const DIRECTIONS = ['request', 'response'] as const;
const MODBUS_REPAIRS = { tcp: repairModbusTcp, rtu: repairModbusRtu, ascii: repairModbusAscii } as const;
/** What lies inside a frame has no checksum of its own. */
const inside =
  (bytes: number): Repair =>
  (frame) =>
    frame.subarray(bytes);

export const DISSECTORS: readonly FuzzedDissector[] = [
  ...DIRECTIONS.flatMap((direction) =>
    (['tcp', 'rtu', 'ascii'] as const).map((framing) => ({
      name: `modbus ${framing} ${direction}`,
      folder: 'modbus',
      repair: MODBUS_REPAIRS[framing],
      dissect: (bytes: Uint8Array) => dissectModbus(bytes, direction, framing),
    })),
  ),
  ...DIRECTIONS.map((direction) => ({
    name: `dnp3 fragment ${direction}`,
    folder: 'dnp3',
    repair: inside(11),
    dissect: (bytes: Uint8Array) => dissectDnp3Fragment(bytes, direction),
  })),
  { name: 'dnp3 segment', folder: 'dnp3', repair: inside(10), dissect: dissectDnp3Segment },
  { name: 'dnp3 link', folder: 'dnp3', repair: repairDnp3, dissect: dissectDnp3Link },
  { name: 'profibus telegram', folder: 'profibus', repair: repairProfibus, dissect: dissectProfibus },
  { name: 'opc-ua chunk', folder: 'opcua', repair: repairOpcua, dissect: dissectOpcUaChunk },
];
