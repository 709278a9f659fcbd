/** Lives of fleets: all of them, or one with what each asset has left, learned anew where that is asked for. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { askModel } from '../model/askModel.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import type { FleetDetail, FleetEstimates, FleetList } from './healthAnswers.ts';
import { type Given, jsonText, read } from './healthRead.ts';
import { formatFleet, formatFleets } from './livesText.ts';

export interface LivesGiven extends Given {
  readonly learn?: true;
  readonly by: string;
}

export async function lives(name: string | undefined, { learn, by, ...given }: LivesGiven): Promise<Result<string>> {
  if (name === undefined) {
    if (learn) return failure('launch.option', 'Say which lives are to be learned.');
    return read<FleetList>(given, '/health/lives', {}, formatFleets);
  }
  const api = new ServerApi(given.server);
  const path = `/health/lives/${encodeURIComponent(name)}`;
  const fleet = learn
    ? await askModel<FleetDetail>(api, '/health/lives/operations', { operation: 'learn', lives: name, by })
    : await api.get<FleetDetail>(path);
  if (!fleet.ok) return fleet;
  const told = await api.get<FleetEstimates>(`${path}/estimates`);
  if (!told.ok) return told;
  const { estimates } = told.value;
  return success(given.json ? jsonText({ ...fleet.value, estimates }) : formatFleet(fleet.value, estimates));
}
