/** Where a moment lies in the day, the week and the year of the station, in local standard time. */

/** Mountain Standard Time the whole year round, as oil and gas records are kept. */
const LOCAL_OFFSET_S = -7 * 3_600;
const S_PER_HOUR = 3_600;
export const S_PER_DAY = 86_400;
/** 1 January 1970 was a Thursday; weeks begin with Monday. */
const FIRST_DAY_OF_WEEK = 3;
const DAYS_PER_YEAR = 365.2425;

/** Hours since local midnight, 0 to 24, of seconds since 1970 UTC. */
export function hourOfDay(timeS: number): number {
  const local = timeS + LOCAL_OFFSET_S;
  return (local - Math.floor(local / S_PER_DAY) * S_PER_DAY) / S_PER_HOUR;
}

/** Hours since local midnight of Monday, 0 to 168. */
export function hourOfWeek(timeS: number): number {
  const day = Math.floor((timeS + LOCAL_OFFSET_S) / S_PER_DAY) + FIRST_DAY_OF_WEEK;
  return (day - Math.floor(day / 7) * 7) * 24 + hourOfDay(timeS);
}

/** Days since 1 January, 0 to 366, of a mean year. */
export function dayOfYear(timeS: number): number {
  const days = (timeS + LOCAL_OFFSET_S) / S_PER_DAY;
  return days - Math.floor(days / DAYS_PER_YEAR) * DAYS_PER_YEAR;
}
