/** The sixteen internal indications by which an outstation tells its state in every response (IEEE Std 1815-2012, 4.2.2.6). */

/** Bit n of the first octet is number n, bit n of the second number 8 + n: the index of the point in group 80. */
const INDICATION_NUMBERS = {
  /** IIN1.0: a broadcast was received; cleared when this response is confirmed. */
  broadcast: 0,
  /** IIN1.1 to 1.3: there are events of the class to be read. */
  class1Events: 1,
  class2Events: 2,
  class3Events: 3,
  /** IIN1.4: its clock wants to be set. */
  needTime: 4,
  /** IIN1.5: some outputs are in local mode. */
  localControl: 5,
  deviceTrouble: 6,
  /** IIN1.7: it has restarted; it says so until the master clears it. */
  deviceRestart: 7,
  /** IIN2.0: it does not support the function code of the request. */
  functionNotSupported: 8,
  /** IIN2.1: there is no such object. */
  objectUnknown: 9,
  /** IIN2.2: qualifier, range or other parameters of the request are wrong. */
  parameterError: 10,
  /** IIN2.3: events were lost because they were not read in time. */
  eventBufferOverflow: 11,
  /** IIN2.4: the operation is already executing. */
  alreadyExecuting: 12,
  /** IIN2.5: its configuration is corrupt. */
  configurationCorrupt: 13,
} as const;

export type Indication = keyof typeof INDICATION_NUMBERS;

/** Which indications are set. */
export type InternalIndications = Readonly<Record<Indication, boolean>>;

const NAMES = Object.keys(INDICATION_NUMBERS) as Indication[];

export function decodeIndications(low: number, high: number): InternalIndications {
  const bits = low | (high << 8);
  const indications = {} as Record<Indication, boolean>;
  for (const name of NAMES) indications[name] = (bits & (1 << INDICATION_NUMBERS[name])) !== 0;
  return indications;
}
