/** What is said of a kind of fault. */

export interface FaultEntry {
  readonly meaning: string;
  /** Status with which the REST interface reports the fault. */
  readonly httpStatus: number;
  /** What the person who reads it should do. */
  readonly remedy: string;
}
