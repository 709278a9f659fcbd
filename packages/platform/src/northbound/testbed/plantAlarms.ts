/** Alarms over a historian, with a journal in a directory, as the server app puts them together. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { HistorianReader } from '../../historian/query/historianReader.ts';
import { AlarmJournal } from '../../monitor/alarms/alarmJournal.ts';
import { PlantAlarms } from '../../monitor/alarms/plantAlarms.ts';
import type { AlarmDoor } from '../serve/alarmRoutes.ts';

export async function openPlantAlarms(historian: HistorianReader, directory: string, clock: Clock): Promise<AlarmDoor> {
  const journal = AlarmJournal.open(join(directory, 'alarms.sqlite'));
  if (!journal.ok) throw new Error(journal.fault.detail);
  const attributes = { watch: () => () => undefined };
  const ports = { journal: journal.value, historian, attributes, clock, events: () => undefined };
  const alarms = await PlantAlarms.open(ports);
  if (!alarms.ok) throw new Error(alarms.fault.detail);
  return { alarms: alarms.value, journal: journal.value };
}

export function closePlantAlarms({ alarms, journal }: AlarmDoor): void {
  alarms.close();
  journal.close();
}
