/** The endpoints of equipment health. */

import { z } from 'zod';
import { MAX_PHOTO_BYTES } from '../../monitor/health/cases/photos/photoFiles.ts';
import { MAX_ONNX_BYTES } from '../../monitor/health/models/onnx/onnxModel.ts';
import { type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import {
  CaseOperationBody,
  CasePhoto,
  CasePhotoQuery,
  CasePhotoUploadQuery,
  HealthCaseDetail,
  HealthCaseList,
  HealthCaseListQuery,
  HealthCaseQuery,
  PHOTO_TYPES,
} from './healthCase.ts';
import { HealthEvidence, HealthEvidenceQuery } from './healthEvidence.ts';
import {
  FeatureExport,
  FeatureExportBody,
  HealthLabels,
  HealthLabelsQuery,
  HealthLedger,
  HealthLedgerQuery,
} from './healthLedger.ts';
import {
  FleetCourses,
  FleetCoursesQuery,
  FleetDetail,
  FleetEstimateList,
  FleetList,
  FleetListQuery,
  FleetOperationBody,
  FleetParams,
} from './healthLives.ts';
import {
  HealthModelCard,
  HealthModelDocument,
  HealthModelList,
  HealthModelQuery,
  HealthModelsQuery,
  MODEL_TYPES,
  ModelImportQuery,
  ModelOperationAnswer,
  ModelOperationBody,
} from './healthModel.ts';
import { MAX_HEALTH_BYTES } from './healthParts.ts';
import { HealthWatchDetail, HealthWatchList, HealthWatchListQuery, HealthWatchQuery } from './healthWatch.ts';

const PHOTO = z.string().meta({ description: 'The photo as it was sent.' });

export const HEALTH_ENDPOINTS = {
  healthWatches: {
    ...read(
      '/health/watches',
      'listHealthWatches',
      'Watches over equipment',
      'Every watch of every asset: whether it learns, scores or is blind, the newest score, drifts, and what is left.',
    ),
    query: HealthWatchListQuery,
    answers: { [JSON_TYPE]: HealthWatchList },
  },
  healthWatch: {
    ...read(
      '/health/watch',
      'getHealthWatch',
      'One watch with what was learned',
      'Its features and failures, the report of its model, what a shadow would have said, and learning that goes on.',
    ),
    query: HealthWatchQuery,
    answers: { [JSON_TYPE]: HealthWatchDetail },
  },
  healthCases: {
    ...read(
      '/health/cases',
      'listHealthCases',
      'Cases of degradation',
      'Ranked by consequence and time left, each with the reason of its rank.',
    ),
    query: HealthCaseListQuery,
    answers: { [JSON_TYPE]: HealthCaseList },
  },
  healthCase: {
    ...read(
      '/health/case',
      'getHealthCase',
      'One case, whole',
      'Reasons, what to do and to bring, how to get there, orders, the finding, and its history.',
    ),
    query: HealthCaseQuery,
    answers: { [JSON_TYPE]: HealthCaseDetail },
  },
  healthEvidence: {
    ...read(
      '/health/evidence',
      'readHealthEvidence',
      'What speaks for a case',
      'Score, features with their normal bands, limits and trends, and damage, as columns for plots.',
    ),
    query: HealthEvidenceQuery,
    answers: { [JSON_TYPE]: HealthEvidence },
  },
  healthCaseOperation: {
    ...read(
      '/health/cases/operations',
      'operateHealthCase',
      'Snooze, order, find, close, comment and the like',
      'What a person does with a case. A finding becomes a label for the next learning. Answers the case as it stands then.',
    ),
    method: 'POST',
    body: { schema: CaseOperationBody, maxBytes: MAX_HEALTH_BYTES },
    answers: { [JSON_TYPE]: HealthCaseDetail },
  },
  healthPhotoUpload: {
    ...read(
      '/health/cases/photos',
      'addHealthPhoto',
      'Add a photo to a case',
      'The image is the body of the request: JPEG, PNG or WebP.',
    ),
    method: 'POST',
    query: CasePhotoUploadQuery,
    upload: { types: PHOTO_TYPES, maxBytes: MAX_PHOTO_BYTES },
    answers: { [JSON_TYPE]: CasePhoto },
  },
  healthPhoto: {
    ...read('/health/photo', 'getHealthPhoto', 'A photo of a case', 'As it was sent.'),
    query: CasePhotoQuery,
    answers: { 'image/jpeg': PHOTO, 'image/png': PHOTO, 'image/webp': PHOTO },
  },
  healthModels: {
    ...read(
      '/health/models',
      'listHealthModels',
      'Learned models of a watch',
      'The newest first, each with its figures.',
    ),
    query: HealthModelsQuery,
    answers: { [JSON_TYPE]: HealthModelList },
  },
  healthModel: {
    ...read(
      '/health/model',
      'getHealthModel',
      'The card of a model',
      'What it was learned from, what was left out, and how it did on time that it had not seen.',
    ),
    query: HealthModelQuery,
    answers: { [JSON_TYPE]: HealthModelCard },
  },
  healthModelDocument: {
    ...read(
      '/health/model/document',
      'downloadHealthModel',
      'A model as a document',
      'The card and all that was learned, as a file to keep.',
    ),
    query: HealthModelQuery,
    answers: { [JSON_TYPE]: HealthModelDocument },
  },
  healthModelOperation: {
    ...read(
      '/health/models/operations',
      'operateHealthModels',
      'Learn, promote and retire models',
      'Learning takes its time: it is answered when it has begun, and /health/watch tells how far it is.',
    ),
    method: 'POST',
    body: { schema: ModelOperationBody, maxBytes: MAX_HEALTH_BYTES },
    answers: { [JSON_TYPE]: ModelOperationAnswer },
  },
  healthModelImport: {
    ...read(
      '/health/models/imports',
      'importHealthModel',
      'Bring a model that was learned elsewhere',
      'An ONNX file is the body of the request. It is tried, then its threshold is learned, and it begins as a shadow.',
    ),
    method: 'POST',
    query: ModelImportQuery,
    upload: { types: MODEL_TYPES, maxBytes: MAX_ONNX_BYTES },
    answers: { [JSON_TYPE]: ModelOperationAnswer },
  },
  healthLives: {
    ...read(
      '/health/lives',
      'listHealthLives',
      'Lives of fleets',
      'Of like equipment that fails alike: how many lives are known, and what was learned of them.',
    ),
    query: FleetListQuery,
    answers: { [JSON_TYPE]: FleetList },
  },
  healthFleet: {
    ...read(
      '/health/lives/{name}',
      'getHealthLives',
      'The lives of one fleet',
      'The fleet, every life that is known, the card of what was learned, and how far off it was on lives held out.',
    ),
    params: FleetParams,
    answers: { [JSON_TYPE]: FleetDetail },
  },
  healthEstimates: {
    ...read(
      '/health/lives/{name}/estimates',
      'listHealthEstimates',
      'What each asset of a fleet has left',
      'With the interval, what it rests on, and earlier lives that looked like it; or why nothing is said.',
    ),
    params: FleetParams,
    answers: { [JSON_TYPE]: FleetEstimateList },
  },
  healthCourses: {
    ...read(
      '/health/lives/{name}/courses',
      'readHealthCourses',
      'How lives went',
      'The health index of an asset, cycle by cycle, beside those of earlier lives that looked like it.',
    ),
    params: FleetParams,
    query: FleetCoursesQuery,
    answers: { [JSON_TYPE]: FleetCourses },
  },
  healthLivesOperation: {
    ...read(
      '/health/lives/operations',
      'operateHealthLives',
      'Learn lives anew',
      'Learning takes its time: it is answered when it has begun, and /health/lives tells what came of it.',
    ),
    method: 'POST',
    body: { schema: FleetOperationBody, maxBytes: MAX_HEALTH_BYTES },
    answers: { [JSON_TYPE]: FleetDetail },
  },
  healthLedger: {
    ...read(
      '/health/ledger',
      'readHealthLedger',
      'How right the cases were',
      'Precision, lead time and false cases per equipment and year, from what people found.',
    ),
    query: HealthLedgerQuery,
    answers: { [JSON_TYPE]: HealthLedger },
  },
  healthLabels: {
    ...read(
      '/health/labels',
      'listHealthLabels',
      'Labels from findings',
      'What was found says what the time before it was.',
    ),
    query: HealthLabelsQuery,
    answers: { [JSON_TYPE]: HealthLabels },
  },
  healthExport: {
    ...read(
      '/health/exports',
      'exportHealthFeatures',
      'Export a set of features',
      'As Parquet with a dataset card, into the export folder of the server.',
    ),
    method: 'POST',
    body: { schema: FeatureExportBody, maxBytes: MAX_HEALTH_BYTES },
    answers: { [JSON_TYPE]: FeatureExport },
  },
} as const satisfies Record<string, Endpoint>;
