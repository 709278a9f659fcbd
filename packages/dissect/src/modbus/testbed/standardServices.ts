/** Every service of Modbus as the standard names it (V1.1b3, 6), by function code and sub-function, and what it does. */

import type { Effect } from '../../outboundRequest.ts';

type StandardService = readonly [code: number, subFunction: number | undefined, service: string, effect: Effect];

export const STANDARD_SERVICES: readonly StandardService[] = [
  [1, undefined, 'read coils', 'read'],
  [2, undefined, 'read discrete inputs', 'read'],
  [3, undefined, 'read holding registers', 'read'],
  [4, undefined, 'read input registers', 'read'],
  [5, undefined, 'write single coil', 'write'],
  [6, undefined, 'write single register', 'write'],
  [7, undefined, 'read exception status', 'read'],
  [8, 0, 'return query data', 'session'],
  [8, 1, 'restart communications option', 'write'],
  [8, 2, 'return diagnostic register', 'read'],
  [8, 3, 'change ASCII input delimiter', 'write'],
  [8, 4, 'force listen only mode', 'write'],
  [8, 10, 'clear counters and diagnostic register', 'write'],
  [8, 11, 'return bus message count', 'read'],
  [8, 12, 'return bus communication error count', 'read'],
  [8, 13, 'return bus exception error count', 'read'],
  [8, 14, 'return server message count', 'read'],
  [8, 15, 'return server no response count', 'read'],
  [8, 16, 'return server NAK count', 'read'],
  [8, 17, 'return server busy count', 'read'],
  [8, 18, 'return bus character overrun count', 'read'],
  [8, 20, 'clear overrun counter and flag', 'write'],
  [11, undefined, 'get comm event counter', 'read'],
  [12, undefined, 'get comm event log', 'read'],
  [15, undefined, 'write multiple coils', 'write'],
  [16, undefined, 'write multiple registers', 'write'],
  [17, undefined, 'report server id', 'read'],
  [20, undefined, 'read file record', 'read'],
  [21, undefined, 'write file record', 'write'],
  [22, undefined, 'mask write register', 'write'],
  [23, undefined, 'read/write multiple registers', 'write'],
  [24, undefined, 'read FIFO queue', 'read'],
  [43, 13, 'CANopen general reference', 'write'],
  [43, 14, 'read device identification', 'read'],
];
