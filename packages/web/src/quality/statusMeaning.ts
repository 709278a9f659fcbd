/** Why a value is not good, as a sentence for a person (OPC UA Part 6, A.2, and Part 8 for the data access codes). */

import { knownStatus, type StatusName, severityOf } from '@tidegate/core/sample/statusCode.ts';

const MEANINGS: Readonly<Record<StatusName, string>> = {
  Good: 'The value is as measured.',
  GoodLocalOverride: 'The value has been set by hand at the device.',
  GoodNoData: 'There is nothing to say of this time.',
  GoodEntryInserted: 'The value has been inserted into history.',
  GoodEntryReplaced: 'The value has replaced another one in history.',
  Uncertain: 'The value may be wrong; no reason was given.',
  UncertainNoCommunicationLastUsable: 'The device is silent; this is its last value.',
  UncertainLastUsableValue: 'The source has stopped; this is its last value.',
  UncertainSubstituteValue: 'The value has been put in by hand.',
  UncertainInitialValue: 'The value is a start value, not yet measured.',
  UncertainSensorNotAccurate: 'The sensor is at one of its limits or out of calibration.',
  UncertainEngineeringUnitsExceeded: 'The value is outside the range configured for the tag.',
  UncertainSubNormal: 'Fewer sources than required are good.',
  UncertainDataSubNormal: 'The value was computed from too few good samples.',
  Bad: 'The value cannot be used; no reason was given.',
  BadCommunicationError: 'The device could not be reached, or its answer was damaged.',
  BadTimeout: 'The device did not answer in time.',
  BadNoCommunication: 'There is no connection to the device.',
  BadWaitingForInitialData: 'The first value has not arrived yet.',
  BadNodeIdUnknown: 'The device does not know this address.',
  BadOutOfRange: 'The value is outside what the source can express.',
  BadNotSupported: 'The device does not support this request.',
  BadTypeMismatch: 'A text stands where a number must be, or a number where a text must be.',
  BadConfigurationError: 'The tag or the device is configured wrongly.',
  BadNotConnected: 'The tag is not connected to a source.',
  BadDeviceFailure: 'The device reports a failure of its own.',
  BadSensorFailure: 'The device reports a failure of the sensor.',
  BadOutOfService: 'The source has been taken out of service.',
  BadDataLost: 'The data of this time have been lost.',
  BadDataUnavailable: 'The data of this time cannot be had at present.',
  BadNoData: 'There is no data for this time.',
  BadEntryExists: 'There is a value at this time already.',
  BadNoEntryExists: 'There is no value at this time.',
  BadAggregateInvalidInputs: 'The values cannot be calculated with.',
  BadBoundNotFound: 'There is no value at the end of the range nor beyond it.',
};

export function statusMeaning(status: number): string {
  const known = knownStatus(status);
  if (known) return MEANINGS[known];
  const severity = severityOf(status);
  return severity === 'good' ? 'The value is good.' : `The value is ${severity}; the source gave a reason of its own.`;
}
