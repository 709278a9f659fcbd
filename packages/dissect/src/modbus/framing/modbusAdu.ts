/** A frame without its framing: who is spoken to, and what is said. */

import type { ModbusPdu } from '../modbusPdu.ts';

export interface ModbusAdu {
  /** Of Modbus TCP only. */
  readonly transaction: number | undefined;
  readonly station: number;
  readonly pdu: ModbusPdu;
}

/** Modbus Application Protocol Specification V1.1b3, 4.1. */
export const MAX_PDU_BYTES = 253;
