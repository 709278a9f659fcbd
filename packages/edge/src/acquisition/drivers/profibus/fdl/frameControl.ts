/**
 * What the frame control byte (FC) of a telegram says.
 *
 *      7     6     5     4     3..0
 *     +-----+-----+-----+-----+----------+
 *     |  0  |  1  | FCB | FCV | function |   request: FCB alternates with each new one, FCV says that it counts
 *     |  0  |  0  |  station  | function |   answer: the kind of the station that gives it
 *     +-----+-----+-----+-----+----------+
 *
 * Source: IEC 61158-4-3, 4.7.5.
 */

const REQUEST = 0x40;
const FRAME_COUNT = 0x20;
const FRAME_COUNT_VALID = 0x10;
const FUNCTION = 0x0f;

/** Functions of requests (IEC 61158-4-3, table 3b). */
export const REQUEST_FUNCTION = {
  timeEvent: 0x0,
  sendAcknowledgedLow: 0x3,
  sendUnacknowledgedLow: 0x4,
  sendAcknowledgedHigh: 0x5,
  sendUnacknowledgedHigh: 0x6,
  multicastSendRequest: 0x7,
  statusRequest: 0x9,
  sendRequestLow: 0xc,
  sendRequestHigh: 0xd,
  identRequest: 0xe,
  sapStatusRequest: 0xf,
} as const;

/** Functions of answers (IEC 61158-4-3, table 3a). */
export const ANSWER_FUNCTION = {
  positive: 0x0,
  userError: 0x1,
  noResource: 0x2,
  noService: 0x3,
  dataLow: 0x8,
  noData: 0x9,
  dataHigh: 0xa,
  dataLowNoResource: 0xc,
  dataHighNoResource: 0xd,
} as const;

export function isRequest(control: number): boolean {
  return (control & REQUEST) !== 0;
}

export function functionOf(control: number): number {
  return control & FUNCTION;
}

/** The frame count bit of a request that has one; `undefined` in one that is not counted. */
export function frameCountOf(control: number): 0 | 1 | undefined {
  if ((control & (FRAME_COUNT | FRAME_COUNT_VALID)) === 0) return undefined;
  return (control & FRAME_COUNT) === 0 ? 0 : 1;
}

/** Whether FCB is compared with that of the request before; in the first request to a station it is only set. */
export function isCounted(control: number): boolean {
  return (control & FRAME_COUNT_VALID) !== 0;
}

/** Whether the station that is asked gives an answer: not after a message to whoever listens (SDN, clock). */
export function expectsAnswer(control: number): boolean {
  switch (control & FUNCTION) {
    case REQUEST_FUNCTION.timeEvent:
    case REQUEST_FUNCTION.sendUnacknowledgedLow:
    case REQUEST_FUNCTION.sendUnacknowledgedHigh:
      return false;
    default:
      return true;
  }
}

/** Whether an asker gets data with the answer (SRD), as in the whole cyclic traffic of DP. */
export function isSendRequest(control: number): boolean {
  const code = control & FUNCTION;
  return code === REQUEST_FUNCTION.sendRequestLow || code === REQUEST_FUNCTION.sendRequestHigh;
}

/** Whether the answer carries data, of whichever priority. */
export function carriesData(control: number): boolean {
  switch (control & FUNCTION) {
    case ANSWER_FUNCTION.dataLow:
    case ANSWER_FUNCTION.dataHigh:
    case ANSWER_FUNCTION.dataLowNoResource:
    case ANSWER_FUNCTION.dataHighNoResource:
      return true;
    default:
      return false;
  }
}

/** Whether the answer is of high priority, by which a DP slave says that it has a diagnosis. */
export function isHighPriority(control: number): boolean {
  const code = control & FUNCTION;
  return code === ANSWER_FUNCTION.dataHigh || code === ANSWER_FUNCTION.dataHighNoResource;
}

/** Whether the station that answers is a master, in the token ring or not yet. */
export function isMasterAnswer(control: number): boolean {
  return (control & (FRAME_COUNT | FRAME_COUNT_VALID)) !== 0;
}
