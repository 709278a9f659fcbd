/** Questions to the server about equipment health, and what a person does with cases and models. */

import type {
  CaseOperationBody,
  CasePhoto,
  HealthCaseDetail,
  HealthCaseList,
} from '@tidegate/platform/northbound/contract/healthCase.ts';
import type { HealthEvidence } from '@tidegate/platform/northbound/contract/healthEvidence.ts';
import type { HealthLedger } from '@tidegate/platform/northbound/contract/healthLedger.ts';
import type {
  FleetCourses,
  FleetDetail,
  FleetEstimateList,
  FleetList,
  FleetOperationBody,
} from '@tidegate/platform/northbound/contract/healthLives.ts';
import type {
  HealthModelCard,
  HealthModelList,
  ModelOperationAnswer,
  ModelOperationBody,
} from '@tidegate/platform/northbound/contract/healthModel.ts';
import type { HealthWatchDetail, HealthWatchList } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { API, askKnown, send, upload } from './api.ts';

/** Points of a plot: more than the pixels of a wide one are not seen. */
const POINTS = 700;
/** More cases than this nobody reads. */
const MOST_CASES = 500;

const query = (of: Readonly<Record<string, string | number>>) =>
  new URLSearchParams(Object.entries(of).map(([name, value]) => [name, String(value)]));

/** Which cases: in the words of the interface. */
export interface CaseSelection {
  readonly show: 'pending' | 'snoozed' | 'closed';
  readonly state?: 'open' | 'ordered';
}

/** The most urgent first; `null` where the server has no model of the plant. */
export const fetchCases = (which: CaseSelection, signal?: AbortSignal) =>
  askKnown<HealthCaseList>(`/health/cases?${query({ ...which, limit: MOST_CASES })}`, signal);

/** `null` where there is none of that number. */
export const fetchCase = (number: number, signal?: AbortSignal) =>
  askKnown<HealthCaseDetail>(`/health/case?${query({ number })}`, signal);

/** Of a case or of a watch; `null` where there is none, or where its watch is no longer in the model. */
export const fetchEvidence = (of: { number: number } | { watch: string }, signal?: AbortSignal) =>
  askKnown<HealthEvidence>(`/health/evidence?${query({ ...of, points: POINTS })}`, signal);

/** `null` where the server has no model of the plant. */
export const fetchWatches = (signal?: AbortSignal) => askKnown<HealthWatchList>('/health/watches', signal);

/** `null` where there is none of that id. */
export const fetchWatch = (watch: string, signal?: AbortSignal) =>
  askKnown<HealthWatchDetail>(`/health/watch?${query({ watch })}`, signal);

export const fetchModels = (watch: string, signal?: AbortSignal) =>
  askKnown<HealthModelList>(`/health/models?${query({ watch })}`, signal);

export const fetchModelCard = (watch: string, number: number, signal?: AbortSignal) =>
  askKnown<HealthModelCard>(`/health/model?${query({ watch, number })}`, signal);

/** `null` where the server has no model of the plant. */
export const fetchHealthLedger = (days: number, signal?: AbortSignal) =>
  askKnown<HealthLedger>(`/health/ledger?${query({ start: `*-${days}d` })}`, signal);

/** `null` where the server has no model of the plant. */
export const fetchFleets = (signal?: AbortSignal) => askKnown<FleetList>('/health/lives', signal);

const livesPath = (name: string) => `/health/lives/${encodeURIComponent(name)}`;

/** `null` where there are none of that name. */
export const fetchFleet = (name: string, signal?: AbortSignal) => askKnown<FleetDetail>(livesPath(name), signal);

export const fetchEstimates = (name: string, signal?: AbortSignal) =>
  askKnown<FleetEstimateList>(`${livesPath(name)}/estimates`, signal);

/** Of the asset with this id, and of earlier lives that looked like it. */
export const fetchCourses = (name: string, asset: string, signal?: AbortSignal) =>
  askKnown<FleetCourses>(`${livesPath(name)}/courses?${query({ asset })}`, signal);

export const operateFleet = (order: FleetOperationBody) => send<FleetDetail>('/health/lives/operations', order);

export const operateCase = (order: CaseOperationBody) => send<HealthCaseDetail>('/health/cases/operations', order);

export const operateModel = (order: ModelOperationBody) =>
  send<ModelOperationAnswer>('/health/models/operations', order);

export const uploadPhoto = (number: number, by: string, photo: Blob) =>
  upload<CasePhoto>(`/health/cases/photos?${query({ number, by })}`, photo);

export const photoUrl = (number: number, photo: string) => `${API}/health/photo?${query({ number, photo })}`;

/** The card and all that was learned, as a file. */
export const modelDocumentUrl = (watch: string, number: number) =>
  `${API}/health/model/document?${query({ watch, number })}`;
