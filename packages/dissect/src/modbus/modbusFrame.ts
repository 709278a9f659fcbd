/** What one Modbus frame says, as far as a guard or a watcher needs to know: who is asked for what. */

/** `diagnostic` neither reads process values nor is known to write them, but some of its sub-functions stop a device. */
export type ModbusService = 'read' | 'write' | 'diagnostic' | 'unknown';

export type ModbusTable = 'coil' | 'discrete' | 'input' | 'holding';

export interface ModbusRange {
  readonly table: ModbusTable;
  /** Zero-based address of the first coil or register, as it stands in the frame. */
  readonly first: number;
  readonly count: number;
}

export interface ModbusFrame {
  readonly transaction: number;
  readonly unit: number;
  /** 1 to 127, without the bit that marks an exception. */
  readonly functionCode: number;
  readonly service: ModbusService;
  /** The exception code of a refusal (Modbus Application Protocol V1.1b3, 7); absent in every other frame. */
  readonly exception?: number;
  /** What a request asks to read; answers do not repeat it. */
  readonly reads?: ModbusRange;
  /** What a request asks to write, or an answer says was written. */
  readonly writes?: ModbusRange;
  /** How many bytes of values an answer to a read carries. */
  readonly dataBytes?: number;
}

/** A Modbus request and its answer have the same codes and different bodies: only the direction tells them apart. */
export type ModbusDirection = 'request' | 'response';
