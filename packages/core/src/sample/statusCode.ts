/** OPC UA status codes: the quality of a sample, all 32 bits, never reduced to good or bad on the way. */

declare const statusCodeBrand: unique symbol;

/**
 * An unsigned 32-bit OPC UA StatusCode (OPC UA Part 4, 7.39). Bits 30-31 are the severity, 16-29 the sub-code, 0-15 the
 * flags. Never compare a status with 0 to learn whether it is good: ask for its severity.
 */
export type StatusCode = number & { readonly [statusCodeBrand]: 'StatusCode' };

export type Severity = 'good' | 'uncertain' | 'bad';

const code = (bits: number) => bits as StatusCode;

/** The status codes that Tidegate itself assigns; every other code passes through unchanged (OPC UA Part 6, A.2). */
export const STATUS = {
  Good: code(0x00000000),
  Uncertain: code(0x40000000),
  UncertainInitialValue: code(0x40920000),
  UncertainEngineeringUnitsExceeded: code(0x40940000),
  UncertainDataSubNormal: code(0x40a40000),
  Bad: code(0x80000000),
  BadCommunicationError: code(0x80050000),
  BadTimeout: code(0x800a0000),
  BadNoCommunication: code(0x80310000),
  BadWaitingForInitialData: code(0x80320000),
  BadNodeIdUnknown: code(0x80340000),
  BadOutOfRange: code(0x803c0000),
  BadNotSupported: code(0x803d0000),
  BadConfigurationError: code(0x80890000),
  BadNotConnected: code(0x808a0000),
  BadDeviceFailure: code(0x808b0000),
  BadSensorFailure: code(0x808c0000),
  BadOutOfService: code(0x808d0000),
  BadNoData: code(0x809b0000),
} as const;

const NAMES = new Map<number, string>(Object.entries(STATUS).map(([name, value]) => [value, name]));
const SUB_CODE_MASK = 0xffff0000;

/** The severity held in bits 30-31. The reserved pattern 11 counts as bad (OPC UA Part 4, 7.39). */
export function severityOf(status: StatusCode): Severity {
  const bits = status >>> 30;
  if (bits === 0) return 'good';
  return bits === 1 ? 'uncertain' : 'bad';
}

/** `BadTimeout` for 0x800A0000, whatever its flag bits; a code without a name here as `0x80FF0000`. */
export function statusName(status: StatusCode): string {
  const subCode = (status & SUB_CODE_MASK) >>> 0;
  return NAMES.get(subCode) ?? `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
