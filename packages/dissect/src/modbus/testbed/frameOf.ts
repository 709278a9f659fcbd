/** Puts a PDU into a frame of each framing, bit by bit and without a table, so that it shares nothing with the dissector. */

import type { ModbusFraming } from '../modbusFrame.ts';
import { bytesOfHex } from './recordedPayload.ts';

export function frameOf(framing: ModbusFraming, station: number, pdu: string | Uint8Array): Uint8Array {
  const said = [station, ...(typeof pdu === 'string' ? bytesOfHex(pdu) : pdu)];
  if (framing === 'tcp') return Uint8Array.of(0, 1, 0, 0, said.length >> 8, said.length, ...said);
  if (framing === 'rtu') {
    const crc = crcOf(said);
    return Uint8Array.of(...said, crc, crc >> 8);
  }
  const lrc = -said.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return Buffer.from(
    `:${Buffer.from([...said, lrc])
      .toString('hex')
      .toUpperCase()}\r\n`,
    'latin1',
  );
}

/** Modbus over Serial Line V1.02, 6.2.2. */
function crcOf(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}
