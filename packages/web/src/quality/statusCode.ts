/** OPC UA status codes as a reader of the console needs them: how severe, called what, meaning what. */

export type Severity = 'good' | 'uncertain' | 'bad';

/** The severity held in bits 30-31; the reserved pattern 11 counts as bad (OPC UA Part 4, 7.39). */
export function severityOf(status: number): Severity {
  const bits = status >>> 30;
  if (bits === 0) return 'good';
  return bits === 1 ? 'uncertain' : 'bad';
}

/** Sub-code, name, and what it says in plain words (OPC UA Part 6, A.2, and Part 8 for the data access codes). */
const KNOWN: readonly (readonly [number, string, string])[] = [
  [0x00000000, 'Good', 'The value is as measured.'],
  [0x00960000, 'GoodLocalOverride', 'The value has been set by hand at the device.'],
  [0x40000000, 'Uncertain', 'The value may be wrong; no reason was given.'],
  [0x408f0000, 'UncertainNoCommunicationLastUsable', 'The device is silent; this is its last value.'],
  [0x40900000, 'UncertainLastUsableValue', 'The source has stopped; this is its last value.'],
  [0x40910000, 'UncertainSubstituteValue', 'The value has been put in by hand.'],
  [0x40920000, 'UncertainInitialValue', 'The value is a start value, not yet measured.'],
  [0x40930000, 'UncertainSensorNotAccurate', 'The sensor is at one of its limits or out of calibration.'],
  [0x40940000, 'UncertainEngineeringUnitsExceeded', 'The value is outside the range configured for the tag.'],
  [0x40950000, 'UncertainSubNormal', 'Fewer sources than required are good.'],
  [0x40a40000, 'UncertainDataSubNormal', 'The value was computed from too few good samples.'],
  [0x80000000, 'Bad', 'The value cannot be used; no reason was given.'],
  [0x80050000, 'BadCommunicationError', 'The device could not be reached, or its answer was damaged.'],
  [0x800a0000, 'BadTimeout', 'The device did not answer in time.'],
  [0x80310000, 'BadNoCommunication', 'There is no connection to the device.'],
  [0x80320000, 'BadWaitingForInitialData', 'The first value has not arrived yet.'],
  [0x80340000, 'BadNodeIdUnknown', 'The device does not know this address.'],
  [0x803c0000, 'BadOutOfRange', 'The value is outside what the source can express.'],
  [0x803d0000, 'BadNotSupported', 'The device does not support this request.'],
  [0x80890000, 'BadConfigurationError', 'The tag or the device is configured wrongly.'],
  [0x808a0000, 'BadNotConnected', 'The tag is not connected to a source.'],
  [0x808b0000, 'BadDeviceFailure', 'The device reports a failure of its own.'],
  [0x808c0000, 'BadSensorFailure', 'The device reports a failure of the sensor.'],
  [0x808d0000, 'BadOutOfService', 'The source has been taken out of service.'],
  [0x809b0000, 'BadNoData', 'There is no data for this time.'],
];

const BY_SUB_CODE = new Map(KNOWN.map(([subCode, name, meaning]) => [subCode, { name, meaning }]));
const SUB_CODE_MASK = 0xffff0000;

/** `BadTimeout` for 0x800A0000, whatever its flag bits; a code that has no name here as `0x80FF0000`. */
export function statusName(status: number): string {
  const known = BY_SUB_CODE.get((status & SUB_CODE_MASK) >>> 0);
  return known?.name ?? `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}

/** One sentence for a person. */
export function statusMeaning(status: number): string {
  const known = BY_SUB_CODE.get((status & SUB_CODE_MASK) >>> 0);
  if (known) return known.meaning;
  const severity = severityOf(status);
  return severity === 'good' ? 'The value is good.' : `The value is ${severity}; the source gave a reason of its own.`;
}
