/**
 * Device identification: function code 43 with MEI type 14.
 *
 *     request   43 | 14 | read code | object id
 *     response  43 | 14 | read code | conformity | more follows | next object id | number of objects | objects
 *     object    id | length | value
 *
 * Source: Modbus Application Protocol Specification V1.1b3, 6.21.
 */

import type { ModbusBody, ModbusIdentityObject } from '../modbusFrame.ts';
import { lengthDefect, type ModbusPdu } from '../modbusPdu.ts';

const READ_CODES = { least: 1, most: 4 };
const CONFORMITY_LEVELS: readonly number[] = [0x01, 0x02, 0x03, 0x81, 0x82, 0x83];
const MORE_FOLLOWS = 0xff;
const HEAD_BYTES = 7;

export function identificationRequest(pdu: ModbusPdu): ModbusBody | string {
  const defect = lengthDefect(pdu, 3) ?? readCodeDefect(pdu);
  return defect ?? { identification: { readCode: pdu.byte(2), objectId: pdu.byte(3) } };
}

export function identificationResponse(pdu: ModbusPdu): ModbusBody | string {
  if (pdu.length < HEAD_BYTES) return `has ${pdu.length - 1} bytes where at least ${HEAD_BYTES - 1} belong`;
  const defect = readCodeDefect(pdu);
  if (defect !== undefined) return defect;
  const conformity = pdu.byte(3);
  const more = pdu.byte(4);
  if (!CONFORMITY_LEVELS.includes(conformity)) return `has conformity level ${conformity}`;
  if (more !== 0 && more !== MORE_FOLLOWS) return `has ${more} for whether more follows`;
  const objects = objectsOf(pdu);
  if (typeof objects === 'string') return objects;
  const moreFollows = more === MORE_FOLLOWS;
  return { identification: { readCode: pdu.byte(2), objectId: pdu.byte(5), conformity, moreFollows, objects } };
}

function objectsOf(pdu: ModbusPdu): ModbusIdentityObject[] | string {
  const stated = pdu.byte(6);
  const objects: ModbusIdentityObject[] = [];
  let at = HEAD_BYTES;
  while (at + 2 <= pdu.length && objects.length < stated) {
    const length = pdu.byte(at + 1);
    if (at + 2 + length > pdu.length) return `has an object of ${length} bytes and holds ${pdu.length - at - 2}`;
    objects.push({ id: pdu.byte(at), value: pdu.slice(at + 2, length) });
    at += 2 + length;
  }
  if (objects.length < stated) return `counts ${stated} objects and holds ${objects.length}`;
  return at === pdu.length ? objects : `has ${pdu.length - at} bytes behind its ${stated} objects`;
}

function readCodeDefect(pdu: ModbusPdu): string | undefined {
  const code = pdu.byte(2);
  if (code >= READ_CODES.least && code <= READ_CODES.most) return undefined;
  return `has read code ${code} where ${READ_CODES.least} to ${READ_CODES.most} are allowed`;
}
