/** What the exception codes of a device mean for the points that were asked for. */

import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';

export interface ModbusException {
  readonly name: string;
  readonly status: StatusCode;
  /**
   * `isolate` looks for the address that is to blame; `leaveOut` leaves the whole block alone for a while; `askLater`
   * asks again at the next scan; `unreachable` spares the line all other questions of this scan too.
   */
  readonly reaction: 'isolate' | 'leaveOut' | 'askLater' | 'unreachable';
}

/** Modbus Application Protocol V1.1b3, section 7. */
const EXCEPTIONS: ReadonlyMap<number, ModbusException> = new Map<number, ModbusException>([
  [1, { name: 'illegal function', status: STATUS.BadNotSupported, reaction: 'leaveOut' }],
  [2, { name: 'illegal data address', status: STATUS.BadConfigurationError, reaction: 'isolate' }],
  [3, { name: 'illegal data value', status: STATUS.BadOutOfRange, reaction: 'isolate' }],
  [4, { name: 'server device failure', status: STATUS.BadDeviceFailure, reaction: 'askLater' }],
  [5, { name: 'acknowledge', status: STATUS.BadWaitingForInitialData, reaction: 'askLater' }],
  [6, { name: 'server device busy', status: STATUS.BadWaitingForInitialData, reaction: 'askLater' }],
  [8, { name: 'memory parity error', status: STATUS.BadDeviceFailure, reaction: 'askLater' }],
  [10, { name: 'gateway path unavailable', status: STATUS.BadNoCommunication, reaction: 'unreachable' }],
  [11, { name: 'gateway target device failed to respond', status: STATUS.BadTimeout, reaction: 'unreachable' }],
]);

export function exceptionOf(code: number): ModbusException {
  return (
    EXCEPTIONS.get(code) ?? { name: 'a code the specification does not know', status: STATUS.Bad, reaction: 'askLater' }
  );
}
