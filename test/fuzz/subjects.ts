/** What is tried: every protocol of the registry, with devices that want as many kinds of values as it has. */

import type { DeviceSpec, TaggedPoint } from '@tidegate/edge/acquisition/driver.ts';
import type { Repair } from './repair/repair.ts';
import { repairDnp3 } from './repair/repairDnp3.ts';
import { repairModbusAscii, repairModbusRtu, repairModbusTcp } from './repair/repairModbus.ts';
import { repairOpcua } from './repair/repairOpcua.ts';
import { repairProfibus } from './repair/repairProfibus.ts';

export interface FuzzSubject {
  /** Of the driver and of the dissectors. */
  readonly folder: string;
  readonly repair: Repair;
  /** The keys of each device, and the points that all of them have: address and data type. */
  readonly devices: readonly Readonly<Record<string, unknown>>[];
  readonly points: readonly (readonly [address: string, dataType: string])[];
}

const MODBUS_POINTS: FuzzSubject['points'] = [
  ['coil:3', 'bool'],
  ['discrete:40', 'bool'],
  ['holding:0', 'int16'],
  ['holding:100', 'float32'],
  ['holding:103.5', 'bool'],
  ['holding:200[8]', 'string'],
  ['holding:300', 'bcd32'],
  ['input:0', 'uint64'],
  ['input:9', 'float64'],
  ['fifo:1246', 'uint16'],
  ['file:3/9', 'int32'],
  ['identification:vendor-name', 'string'],
];

const DNP3_KINDS = [
  ['binary', 'bool'],
  ['doubleBit', 'uint8'],
  ['binaryOutput', 'bool'],
  ['counter', 'uint32'],
  ['frozenCounter', 'uint32'],
  ['analog', 'float64'],
  ['analogOutput', 'float64'],
  ['octetString', 'string'],
] as const;

const everySwitch = { clearRestart: true, synchroniseTime: 'lan', freezeInterval: '15min', resetLink: true } as const;

export const SUBJECTS: Readonly<Record<string, FuzzSubject>> = {
  'modbus-tcp': {
    folder: 'modbus',
    repair: repairModbusTcp,
    devices: [{ unit: 1, pipeline: 4, identify: true }, { unit: 17 }],
    points: MODBUS_POINTS,
  },
  'modbus-rtu': {
    folder: 'modbus',
    repair: repairModbusRtu,
    devices: [{ unit: 1, identify: true }, { unit: 17 }],
    points: MODBUS_POINTS,
  },
  'modbus-ascii': {
    folder: 'modbus',
    repair: repairModbusAscii,
    devices: [{ unit: 1, identify: true }, { unit: 17 }],
    points: MODBUS_POINTS,
  },
  dnp3: {
    folder: 'dnp3',
    repair: repairDnp3,
    devices: [
      { outstation: 10, ...everySwitch },
      { outstation: 4, unsolicited: false },
    ],
    points: [
      ...DNP3_KINDS.flatMap(([kind, type]) => [0, 1, 5].map((index) => [`${kind}:${index}`, type] as const)),
      ['iin:device-trouble', 'bool'],
    ],
  },
  'profibus-dp': {
    folder: 'profibus',
    repair: repairProfibus,
    devices: [{ station: 8 }, { station: 42, configuration: '20 51 11' }, { station: 77 }],
    points: [
      ['input:0', 'int16'],
      ['input:2.0', 'bool'],
      ['output:0', 'int16'],
      ['slot:2/input:0', 'uint8'],
      ['diagnosis:state', 'string'],
      ['diagnosis:text', 'string'],
      ['bus:rotation', 'float64'],
    ],
  },
  'opc-ua': {
    folder: 'opcua',
    repair: repairOpcua,
    devices: [{ keepAlive: '1s', sessionTimeout: '10s' }],
    points: [
      ['ns=1;s=fuzz-speed', 'float64'],
      ['ns=1;s=fuzz-running', 'bool'],
      ['ns=1;s=fuzz-name', 'string'],
      ['index=2;ns=1;s=fuzz-levels', 'int16'],
      ['nsu=urn:plc;s=fuzz-energy', 'uint64'],
      ['events;ns=1;s=fuzz-server', 'string'],
    ],
  },
};

/** The devices of a subject as its driver wants them; tags are counted from 0. */
export function devicesOf({ devices, points }: FuzzSubject, parse: (keys: unknown) => unknown): DeviceSpec<unknown>[] {
  return devices.map((keys, nth) => ({
    name: `device-${nth}`,
    options: parse(keys),
    timeoutMs: 200,
    classes: [
      {
        intervalMs: 1_000,
        points: points.map(([address, dataType], index): TaggedPoint => {
          return { tag: nth * points.length + index, address, dataType };
        }),
      },
    ],
  }));
}
