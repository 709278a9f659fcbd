/** From when to when a certificate holds. */

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const DAY_MS = 86_400_000;
/** The clock of a gateway may be behind that of the machine that made its certificate. */
const CLOCK_DIFFERENCE_DAYS = 1;

export function validityOf(now: Date, days: number): Validity {
  return { notBefore: inDays(now, -CLOCK_DIFFERENCE_DAYS), notAfter: inDays(now, days) };
}

export function inDays(from: Date, days: number): Date {
  return new Date(from.getTime() + days * DAY_MS);
}
