/** The numbers of the bus that can be read as points. */

import type { BusName } from './address.ts';
import type { Bus } from './fdl/bus.ts';

/** `undefined` while it is not known. */
export function busValue(name: BusName, { ring, stations, statistics }: Bus): number | undefined {
  switch (name) {
    case 'rotation':
      return ring.rotation?.meanMs;
    case 'max-rotation':
      return ring.rotation?.maxMs;
    case 'load':
      return statistics.loadPercent;
    case 'telegrams':
      return statistics.telegramsPerS;
    case 'check-errors':
      return statistics.checkErrors;
    case 'noise':
      return statistics.noiseBytes;
    case 'retries':
      return statistics.retries + ring.repetitions;
    case 'unanswered':
      return statistics.unanswered;
    case 'stations':
      return stations.stations.length;
    case 'masters':
      return ring.masters.length;
  }
}
