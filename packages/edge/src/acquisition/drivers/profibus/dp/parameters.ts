/**
 * What a master tells a slave in Set_Prm before anything else.
 *
 *     0        1           2           3          4      6       7
 *     +--------+-----------+-----------+----------+------+-------+------...
 *     | status | WD_Fact_1 | WD_Fact_2 | min Tsdr | ident| group | of the user
 *     +--------+-----------+-----------+----------+------+-------+------...
 *
 * Source: IEC 61158-6-3, coding of Prm_Data.
 */

export interface Parameters {
  readonly ident: number;
  /** How long the slave keeps its outputs without hearing from its master; undefined where it keeps them for ever. */
  readonly watchdogMs: number | undefined;
  /** The groups to whose Global_Control the slave listens, a bit each. */
  readonly groups: number;
  readonly locked: boolean;
}

const HEADER_BYTES = 7;
const LOCK = 0x80;
const UNLOCK = 0x40;
const WATCHDOG = 0x08;
const WATCHDOG_UNIT_MS = 10;

/** `undefined` where they are too short to be any. */
export function parseParameters(bytes: Uint8Array): Parameters | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const [status, factor1, factor2, , identHigh, identLow, groups] = bytes;
  return {
    ident: (identHigh << 8) | identLow,
    watchdogMs: (status & WATCHDOG) === 0 ? undefined : factor1 * factor2 * WATCHDOG_UNIT_MS,
    groups,
    locked: (status & (LOCK | UNLOCK)) === LOCK,
  };
}
