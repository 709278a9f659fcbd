import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { expect, it } from 'vitest';
import { FLAG, POINT_KIND, type PointKind } from './application/objectSink.ts';
import { statusOf } from './quality.ts';

const { binary, doubleBit, binaryOutput, counter, frozenCounter, analog, analogOutput, octetString } = POINT_KIND;
const { online, restart, communicationLost, remoteForced, localForced } = FLAG;
const BIT_5 = 0x20;
const BIT_6 = 0x40;

it.each<[string, PointKind, number, string]>([
  ['online', binary, online, 'Good'],
  ['nothing', analog, 0, 'BadNoCommunication'],
  ['after a restart', analog, restart, 'BadWaitingForInitialData'],
  ['after a restart, online', analog, online | restart, 'UncertainInitialValue'],
  ['after a restart, lost, never heard', analog, restart | communicationLost, 'BadWaitingForInitialData'],
  ['lost', counter, communicationLost, 'UncertainNoCommunicationLastUsable'],
  ['lost, online', counter, online | communicationLost, 'UncertainNoCommunicationLastUsable'],
  ['forced far away', binary, online | remoteForced, 'UncertainSubstituteValue'],
  ['forced here', binary, online | localForced, 'GoodLocalOverride'],
  ['forced far away and here', binary, online | remoteForced | localForced, 'UncertainSubstituteValue'],
  ['forced, not online', binary, localForced, 'BadNoCommunication'],
  ['chatter', binary, online | BIT_5, 'UncertainLastUsableValue'],
  ['chatter of a double bit', doubleBit, online | BIT_5, 'UncertainLastUsableValue'],
  ['reserved of an output', binaryOutput, online | BIT_5 | BIT_6, 'Good'],
  ['rollover', counter, online | BIT_5, 'Good'],
  ['discontinuity', frozenCounter, online | BIT_6, 'UncertainSubNormal'],
  ['over range', analog, online | BIT_5, 'UncertainEngineeringUnitsExceeded'],
  ['reference', analogOutput, online | BIT_6, 'UncertainSensorNotAccurate'],
  ['over range and reference', analog, online | BIT_5 | BIT_6, 'UncertainSensorNotAccurate'],
  ['a reserved bit', analog, online | 0x80, 'Good'],
  ['a string', octetString, online, 'Good'],
])('%s', (_, kind, flags, status) => {
  expect(statusName(statusOf(kind, flags))).toBe(status);
});
