/** What one Modbus frame says: who is asked for what, and the values that it carries. */

import type { OutboundRequest } from '../outboundRequest.ts';

/** A Modbus request and its answer have the same codes and different bodies: only the direction tells them apart. */
export type ModbusDirection = 'request' | 'response';

/** TCP (MBAP header), and on a serial line RTU (binary, CRC) or ASCII (hexadecimal, LRC). */
export type ModbusFraming = 'tcp' | 'rtu' | 'ascii';

export type ModbusTable = 'coil' | 'discrete' | 'input' | 'holding';

export interface ModbusRange {
  readonly table: ModbusTable;
  /** Zero-based address of the first coil or register, as it stands in the frame. */
  readonly first: number;
  readonly count: number;
}

/** A group of records in a file (function codes 20 and 21); answers to a read repeat neither file nor record. */
export interface ModbusFileRecord {
  readonly file?: number;
  /** The number of the first record. */
  readonly record?: number;
  /** How many registers. */
  readonly count: number;
  readonly registers?: Uint16Array;
}

/** Function code 43/14. */
export interface ModbusIdentification {
  /** 1 basic, 2 regular, 3 extended, 4 one object. */
  readonly readCode: number;
  /** The object that a request begins with, or the one that the next request has to begin with; 0 where none is left. */
  readonly objectId: number;
  /** Of an answer only: 1 to 3, and 0x80 more where objects can be asked for one by one. */
  readonly conformity?: number;
  readonly moreFollows?: boolean;
  readonly objects?: readonly ModbusIdentityObject[];
}

export interface ModbusIdentityObject {
  readonly id: number;
  readonly value: Uint8Array;
}

/** What stands behind the function code. A field is there where the frame says it. */
export interface ModbusBody {
  /** What a request asks to read; answers do not repeat it. */
  readonly reads?: ModbusRange;
  /** What a request asks to write, or an answer says was written. */
  readonly writes?: ModbusRange;
  /** The values that were read or are to be written. */
  readonly registers?: Uint16Array;
  /** One byte, 0 or 1, for each coil or input; an answer fills its last byte up, so there may be up to 7 more than asked. */
  readonly coils?: Uint8Array;
  /** Function code 22: the register becomes (it AND `and`) OR (`or` AND NOT `and`). */
  readonly mask?: { readonly and: number; readonly or: number };
  /** Function code 24: the address of the register that counts the queue. */
  readonly fifo?: number;
  readonly records?: readonly ModbusFileRecord[];
  readonly identification?: ModbusIdentification;
}

/** The effect is that of the service, in an answer as in a request. */
export interface ModbusFrame extends OutboundRequest {
  /** Pairs an answer with its request; the serial framings have none. */
  readonly transaction: number | undefined;
  /** 1 to 127, without the bit that marks an exception. */
  readonly functionCode: number;
  /** The exception code of a refusal (Modbus Application Protocol V1.1b3, 7). */
  readonly exception: number | undefined;
  readonly body: ModbusBody;
}
