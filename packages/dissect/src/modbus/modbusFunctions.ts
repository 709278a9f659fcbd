/**
 * Every function code of Modbus, what it does to a device, and the shape of its request and answer.
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 5 (kinds of codes), 6 (public codes), Annex A (reserved codes).
 */

import type { Effect } from '../outboundRequest.ts';
import {
  dataWord,
  delimiter,
  eventLogResponse,
  neverAnswered,
  queryData,
  serverIdResponse,
} from './bodies/diagnosticBodies.ts';
import { readFileRequest, readFileResponse, writeFile } from './bodies/fileBodies.ts';
import { identificationRequest, identificationResponse } from './bodies/identificationBodies.ts';
import {
  coilsResponse,
  fifoRequest,
  fifoResponse,
  maskRegister,
  readRequest,
  readWriteRequest,
  registersResponse,
  writeCoil,
  writeCoilsRequest,
  writeRegister,
  writeRegistersRequest,
  writtenResponse,
} from './bodies/registerBodies.ts';
import { bytesOf, type ModbusPdu, NO_BODY, type PduShape } from './modbusPdu.ts';

export interface ModbusFunction {
  readonly service: string;
  readonly effect: Effect;
  readonly request: PduShape;
  readonly response: PduShape;
}

const DIAGNOSTICS = 8;
const ENCAPSULATED_TRANSPORT = 43;
const CODES = 128;

/** 6.1 to 6.18. Function codes 8 and 43 are many services each: the tables below. */
const PUBLIC_FUNCTIONS = new Map<number, ModbusFunction>([
  [1, row('read coils', 'read', readRequest('coil', 2000), coilsResponse)],
  [2, row('read discrete inputs', 'read', readRequest('discrete', 2000), coilsResponse)],
  [3, row('read holding registers', 'read', readRequest('holding', 125), registersResponse)],
  [4, row('read input registers', 'read', readRequest('input', 125), registersResponse)],
  [5, row('write single coil', 'write', writeCoil, writeCoil)],
  [6, row('write single register', 'write', writeRegister, writeRegister)],
  [7, row('read exception status', 'read', bytesOf(0), bytesOf(1))],
  [11, row('get comm event counter', 'read', bytesOf(0), bytesOf(4))],
  [12, row('get comm event log', 'read', bytesOf(0), eventLogResponse)],
  [15, row('write multiple coils', 'write', writeCoilsRequest, writtenResponse('coil', 1968))],
  [16, row('write multiple registers', 'write', writeRegistersRequest, writtenResponse('holding', 123))],
  [17, row('report server id', 'read', bytesOf(0), serverIdResponse)],
  [20, row('read file record', 'read', readFileRequest, readFileResponse)],
  [21, row('write file record', 'write', writeFile, writeFile)],
  [22, row('mask write register', 'write', maskRegister, maskRegister)],
  [23, row('read/write multiple registers', 'write', readWriteRequest, registersResponse)],
  [24, row('read FIFO queue', 'read', fifoRequest, fifoResponse)],
]);

/** 6.8.1, by sub-function. A counter answers a request that holds a zero with one word. */
const DIAGNOSTIC_FUNCTIONS = new Map<number, ModbusFunction>([
  [0, row('return query data', 'session', queryData, queryData)],
  [1, row('restart communications option', 'write', dataWord(0, 0xff00), dataWord(0, 0xff00))],
  [2, counter('return diagnostic register')],
  [3, row('change ASCII input delimiter', 'write', delimiter, delimiter)],
  [4, row('force listen only mode', 'write', dataWord(0), neverAnswered)],
  [10, row('clear counters and diagnostic register', 'write', dataWord(0), dataWord(0))],
  [11, counter('return bus message count')],
  [12, counter('return bus communication error count')],
  [13, counter('return bus exception error count')],
  [14, counter('return server message count')],
  [15, counter('return server no response count')],
  [16, counter('return server NAK count')],
  [17, counter('return server busy count')],
  [18, counter('return bus character overrun count')],
  [20, row('clear overrun counter and flag', 'write', dataWord(0), dataWord(0))],
]);

/** 6.19 to 6.21, by MEI type. CANopen carries reads and writes of its own alike (CiA 309-2), so it counts as a write. */
const ENCAPSULATED_FUNCTIONS = new Map<number, ModbusFunction>([
  [13, row('CANopen general reference', 'write', anyBytes, anyBytes)],
  [14, row('read device identification', 'read', identificationRequest, identificationResponse)],
]);

/** Annex A. Some of them program the controllers of one vendor, such as 90. */
const RESERVED_CODES = new Set([9, 10, 13, 14, 41, 42, 90, 91, 125, 126, 127]);
const RESERVED_DIAGNOSTIC = unknown('reserved diagnostics sub-function');
const RESERVED_ENCAPSULATED = unknown('reserved MEI type');
const ANY_DIAGNOSTIC = unknown('diagnostics');
const ANY_ENCAPSULATED = unknown('encapsulated interface transport');

const FUNCTIONS: readonly ModbusFunction[] = Array.from({ length: CODES }, (_, code) => {
  if (code === DIAGNOSTICS) return ANY_DIAGNOSTIC;
  if (code === ENCAPSULATED_TRANSPORT) return ANY_ENCAPSULATED;
  return PUBLIC_FUNCTIONS.get(code) ?? unknown(`${kindOf(code)} function code ${code}`);
});

/** The service of a function code from 1 to 127, as far as the code alone tells it: an exception says no more. */
export function functionOfCode(code: number): ModbusFunction {
  return FUNCTIONS[code];
}

/** The service that a request or a regular answer names; a string is half a sentence that says what is wrong with it. */
export function functionOf(pdu: ModbusPdu): ModbusFunction | string {
  const code = pdu.byte(0);
  if (code === DIAGNOSTICS) {
    if (pdu.length < 3) return 'lacks its sub-function';
    return DIAGNOSTIC_FUNCTIONS.get(pdu.word(1)) ?? RESERVED_DIAGNOSTIC;
  }
  if (code === ENCAPSULATED_TRANSPORT) {
    if (pdu.length < 2) return 'lacks its MEI type';
    return ENCAPSULATED_FUNCTIONS.get(pdu.byte(1)) ?? RESERVED_ENCAPSULATED;
  }
  return FUNCTIONS[code];
}

/** Section 5: 65 to 72 and 100 to 110 are free for users. */
function kindOf(code: number): string {
  if (RESERVED_CODES.has(code)) return 'reserved';
  return (code >= 65 && code <= 72) || (code >= 100 && code <= 110) ? 'user-defined' : 'unassigned';
}

function row(service: string, effect: Effect, request: PduShape, response: PduShape): ModbusFunction {
  return { service, effect, request, response };
}

function counter(service: string): ModbusFunction {
  return row(service, 'read', dataWord(0), bytesOf(4));
}

function unknown(service: string): ModbusFunction {
  return row(service, 'unknown', anyBytes, anyBytes);
}

function anyBytes() {
  return NO_BODY;
}
