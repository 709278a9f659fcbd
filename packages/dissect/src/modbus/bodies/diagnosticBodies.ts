/**
 * What a device says of itself and of its line: function codes 7, 8, 11, 12 and 17.
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 6.7 to 6.10 and 6.13.
 */

import type { ModbusBody } from '../modbusFrame.ts';
import { countDefect, lengthDefect, type ModbusPdu, NO_BODY, type PduShape } from '../modbusPdu.ts';

/** 6.8.1, sub-function 0: the data of a query come back, whole words of any value. */
export function queryData(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length >= 5 && pdu.length % 2 === 1) return NO_BODY;
  return `has ${pdu.length - 3} bytes of data, which are not whole words`;
}

/** 6.8.1: one word of data, which must be one of those. */
export function dataWord(...allowed: readonly number[]): PduShape {
  return (pdu) => {
    const defect = lengthDefect(pdu, 4);
    if (defect !== undefined) return defect;
    return allowed.includes(pdu.word(3)) ? NO_BODY : `has data ${pdu.word(3)} where ${allowed.join(' or ')} belongs`;
  };
}

/** 6.8.1, sub-function 3: a character and a zero. */
export function delimiter(pdu: ModbusPdu): ModbusBody | string {
  return lengthDefect(pdu, 4) ?? (pdu.byte(4) === 0 ? NO_BODY : `has ${pdu.byte(4)} behind the character`);
}

/** 6.8.1, sub-function 4: "No response is returned". */
export function neverAnswered(): string {
  return 'is never sent';
}

/** 6.10: byte count; status, event count and message count, a word each; up to 64 events. */
export function eventLogResponse(pdu: ModbusPdu): ModbusBody | string {
  return countDefect(pdu, 1, 6, 6 + 64) ?? NO_BODY;
}

/** 6.13: byte count; an identifier, a run indicator and more, in lengths that only the vendor knows. */
export function serverIdResponse(pdu: ModbusPdu): ModbusBody | string {
  return countDefect(pdu, 1, 2, 251) ?? NO_BODY;
}
