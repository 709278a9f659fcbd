/** OPC UA status codes: the quality of a sample, all 32 bits, never reduced to good or bad on the way. */

declare const statusCodeBrand: unique symbol;

/**
 * An unsigned 32-bit OPC UA StatusCode (OPC UA Part 4, 7.39). Bits 30-31 are the severity, 16-29 the sub-code, 0-15 the
 * flags. Never compare a status with 0 to learn whether it is good: ask for its severity.
 */
export type StatusCode = number & { readonly [statusCodeBrand]: 'StatusCode' };

export type Severity = 'good' | 'uncertain' | 'bad';

const code = (bits: number) => bits as StatusCode;

/** The codes that Tidegate assigns or calls by name; every other code passes through unchanged (OPC UA Part 6, A.2). */
export const STATUS = {
  Good: code(0x00000000),
  GoodLocalOverride: code(0x00960000),
  GoodNoData: code(0x00a50000),
  GoodEntryInserted: code(0x00a20000),
  GoodEntryReplaced: code(0x00a30000),
  Uncertain: code(0x40000000),
  UncertainNoCommunicationLastUsable: code(0x408f0000),
  UncertainLastUsableValue: code(0x40900000),
  UncertainSubstituteValue: code(0x40910000),
  UncertainInitialValue: code(0x40920000),
  UncertainSensorNotAccurate: code(0x40930000),
  UncertainEngineeringUnitsExceeded: code(0x40940000),
  UncertainSubNormal: code(0x40950000),
  UncertainDataSubNormal: code(0x40a40000),
  Bad: code(0x80000000),
  BadCommunicationError: code(0x80050000),
  BadTimeout: code(0x800a0000),
  BadNoCommunication: code(0x80310000),
  BadWaitingForInitialData: code(0x80320000),
  BadNodeIdUnknown: code(0x80340000),
  BadOutOfRange: code(0x803c0000),
  BadNotSupported: code(0x803d0000),
  BadTypeMismatch: code(0x80740000),
  BadConfigurationError: code(0x80890000),
  BadNotConnected: code(0x808a0000),
  BadDeviceFailure: code(0x808b0000),
  BadSensorFailure: code(0x808c0000),
  BadOutOfService: code(0x808d0000),
  BadDataLost: code(0x809d0000),
  BadDataUnavailable: code(0x809e0000),
  BadNoData: code(0x809b0000),
  BadAggregateInvalidInputs: code(0x80d60000),
  BadBoundNotFound: code(0x80d70000),
  BadEntryExists: code(0x809f0000),
  BadNoEntryExists: code(0x80a00000),
} as const;

export type StatusName = keyof typeof STATUS;

const NAMES = new Map(Object.entries(STATUS).map(([name, value]): [number, StatusName] => [value, name as StatusName]));
const SUB_CODE_MASK = 0xffff0000;

/** The severity held in bits 30-31. The reserved pattern 11 counts as bad (OPC UA Part 4, 7.39). */
export function severityOf(status: number): Severity {
  const bits = status >>> 30;
  if (bits === 0) return 'good';
  return bits === 1 ? 'uncertain' : 'bad';
}

/** `BadTimeout` for 0x800A0000, whatever its flag bits; a code without a name here as `0x80FF0000`. */
export function statusName(status: number): string {
  return knownStatus(status) ?? `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

/** The name of a code that has one here, whatever its flag bits. */
export function knownStatus(status: number): StatusName | undefined {
  return NAMES.get((status & SUB_CODE_MASK) >>> 0);
}
