/** What the end codes of a controller mean for the points that were asked for. */

import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';

interface EndCode {
  readonly name: string;
  readonly status: StatusCode;
  /** Whether a part of what was asked for may be to blame, and the rest be read. */
  readonly ofPlace: boolean;
}

/** QCPU User's Manual (Communication via Built-in Ethernet Port) SH(NA)-080811ENG, 5.1.4; 4031 is of the CPU itself. */
const END_CODES: ReadonlyMap<number, EndCode> = new Map<number, EndCode>([
  [0x4031, { name: 'beyond the last address', status: STATUS.BadConfigurationError, ofPlace: true }],
  [0xc051, { name: 'too many words', status: STATUS.BadConfigurationError, ofPlace: true }],
  [0xc056, { name: 'beyond the last address', status: STATUS.BadConfigurationError, ofPlace: true }],
  [0xc059, { name: 'the command is not supported', status: STATUS.BadNotSupported, ofPlace: false }],
  [0xc05b, { name: 'this memory cannot be read', status: STATUS.BadConfigurationError, ofPlace: true }],
  [0xc05f, { name: 'the request cannot be carried out there', status: STATUS.BadDeviceFailure, ofPlace: false }],
]);

export function endCodeOf(code: number): EndCode {
  return END_CODES.get(code) ?? { name: 'see the manual of the controller', status: STATUS.Bad, ofPlace: false };
}

export function describeEndCode(code: number): string {
  return `end code ${code.toString(16).padStart(4, '0')}: ${endCodeOf(code).name}`;
}
