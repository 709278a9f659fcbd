/** From the flags of a DNP3 object to an OPC UA status code: one table, the first line that fits counts. */

import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { FLAG, POINT_KIND, type PointKind } from './application/objectSink.ts';

/** The kinds whose flags 5 and 6 have a meaning of their own. */
type Family = 'binary' | 'counter' | 'analog';

interface Rule {
  readonly set: number;
  readonly clear?: number;
  readonly of?: Family;
  readonly status: StatusCode;
}

/** IEEE Std 1815-2012, 11.6. What is worse comes first. */
const RULES: readonly Rule[] = [
  { set: FLAG.restart, clear: FLAG.online, status: STATUS.BadWaitingForInitialData },
  { set: FLAG.communicationLost, status: STATUS.UncertainNoCommunicationLastUsable },
  { set: 0, clear: FLAG.online, status: STATUS.BadNoCommunication },
  { set: FLAG.restart, status: STATUS.UncertainInitialValue },
  { set: FLAG.referenceError, of: 'analog', status: STATUS.UncertainSensorNotAccurate },
  { set: FLAG.overRange, of: 'analog', status: STATUS.UncertainEngineeringUnitsExceeded },
  { set: FLAG.chatter, of: 'binary', status: STATUS.UncertainLastUsableValue },
  { set: FLAG.remoteForced, status: STATUS.UncertainSubstituteValue },
  { set: FLAG.discontinuity, of: 'counter', status: STATUS.UncertainSubNormal },
  { set: FLAG.localForced, status: STATUS.GoodLocalOverride },
];

const FAMILY: Readonly<Partial<Record<PointKind, Family>>> = {
  [POINT_KIND.binary]: 'binary',
  [POINT_KIND.doubleBit]: 'binary',
  [POINT_KIND.counter]: 'counter',
  [POINT_KIND.frozenCounter]: 'counter',
  [POINT_KIND.analog]: 'analog',
  [POINT_KIND.frozenAnalog]: 'analog',
  [POINT_KIND.analogOutput]: 'analog',
};

/** By kind, then by flags. */
const STATUSES: readonly Uint32Array[] = Object.values(POINT_KIND).map((kind) =>
  Uint32Array.from({ length: 256 }, (_, flags) => judge(FAMILY[kind], flags)),
);

export function statusOf(kind: PointKind, flags: number): StatusCode {
  return STATUSES[kind][flags] as StatusCode;
}

function judge(family: Family | undefined, flags: number): StatusCode {
  const fits = ({ set, clear = 0, of }: Rule) =>
    (of === undefined || of === family) && (flags & set) === set && (flags & clear) === 0;
  return RULES.find(fits)?.status ?? STATUS.Good;
}
