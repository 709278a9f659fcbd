/** Where a fault takes hold in the simulated station. */

import { S_PER_DAY } from '../physics/calendar.ts';
import type { Station } from '../physics/station.ts';
import type { Sensor } from '../signals/sensor.ts';
import { SIGNALS } from '../signals/signalCatalogue.ts';
import type { Fault } from './fault.ts';

const PERCENT = 100;
/** Of the efficiency that fouling takes, so much of the head goes as well (Meher-Homji, Proc. 19th Turbomachinery Symp., 1990). */
const HEAD_SHARE = 0.5;
/** What the thermal cycles of this substation do to a sound joint in a day of winter: it would last for 300 years. */
const SOUND_DAMAGE_PER_DAY = 9.3e-6;
/** A crack heats itself and so shortens its life; without that it would take this much longer. */
const SELF_HEATING_GAIN = 1.75;

/** One fault, taken hold. */
export interface FaultGrip {
  /** Sets how bad it is; 0 is repaired. */
  apply(size: number): void;
  /** How bad it truly is now, where that is not what was applied. */
  truth?(): number;
}

/** `undefined` where the station has nothing of that path that can have such a fault. */
export function gripOf(fault: Fault, station: Station, sensors: readonly Sensor[]): FaultGrip | undefined {
  if (fault.kind.startsWith('sensor-')) return sensorGrip(fault, sensors);
  if (fault.kind === 'solder-crack') return jointGrip(fault, station);
  const [, number, rest] = /^compression\/train-([1-3])(?:\/(.*))?$/.exec(fault.target) ?? [];
  const train = station.trains[Number(number) - 1];
  if (train === undefined) return undefined;
  switch (fault.kind) {
    case 'bearing-wear': {
      const ends = { 'bearings/drive-end': train.driveEnd, 'bearings/non-drive-end': train.nonDriveEnd };
      const bearing = ends[rest as keyof typeof ends];
      return bearing && { apply: (size) => (bearing.wear = size) };
    }
    case 'fouling':
      if (rest !== 'compressor') return undefined;
      return {
        apply: (size) => {
          train.compressor.efficiencyLoss = size / PERCENT;
          train.compressor.headLoss = (HEAD_SHARE * size) / PERCENT;
        },
      };
    case 'valve-stiction':
      return rest === 'compressor' ? { apply: (size) => (train.antiSurge.stiction = size / PERCENT) } : undefined;
    case 'filter-clogging':
      return rest === 'lube-oil' ? { apply: (size) => (train.lubeOil.clogging = size / PERCENT) } : undefined;
    default:
      return undefined;
  }
}

function sensorGrip({ kind, target }: Fault, sensors: readonly Sensor[]): FaultGrip | undefined {
  const sensor = sensors[SIGNALS.findIndex((signal) => signal.path === target)];
  if (sensor === undefined) return undefined;
  if (kind === 'sensor-freeze') return { apply: (size) => (sensor.isFrozen = size > 0) };
  if (kind === 'sensor-failure') return { apply: (size) => (sensor.hasFailed = size > 0) };
  return { apply: (size) => (sensor.bias = size) };
}

/** A weak joint cracks by its own thermal cycles: `overS` is what it would last in the usual service of a winter. */
function jointGrip({ target, overS, size }: Fault, station: Station): FaultGrip | undefined {
  const [, number] = /^utilities\/substation\/power-supply-([12])$/.exec(target) ?? [];
  const joint = station.substation.supplies[Number(number) - 1]?.joint;
  const days = Math.max(overS, 1) / S_PER_DAY;
  return (
    joint && {
      apply: (applied) => {
        if (applied === 0) joint.replace();
        else joint.weakness = size / (days * SOUND_DAMAGE_PER_DAY * SELF_HEATING_GAIN);
      },
      truth: () => joint.damage,
    }
  );
}
