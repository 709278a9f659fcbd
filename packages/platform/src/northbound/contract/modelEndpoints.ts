/** The endpoints of the model of the plant. */

import { Asset, AssetListQuery, AssetPage, AssetParams, AssetQuery, AssetTypes } from './asset.ts';
import { type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import {
  ApplyAnswer,
  ApplyBody,
  MAX_MODEL_BYTES,
  ModelPlan,
  ModelProposal,
  ModelTexts,
  ModelTextsQuery,
  ModelVersions,
  PlanBody,
  ProposalBody,
} from './model.ts';

export const MODEL_ENDPOINTS = {
  assets: {
    ...read(
      '/assets',
      'listAssets',
      'List assets',
      'The assets of the plant as a tree in a list, now or as of any time.',
    ),
    query: AssetListQuery,
    answers: { [JSON_TYPE]: AssetPage },
  },
  asset: {
    ...read(
      '/assets/{asset}',
      'getAsset',
      'One asset with its attributes and relations',
      'Looks an asset up by path, id or a path that it had before, now or as of any time.',
    ),
    params: AssetParams,
    query: AssetQuery,
    answers: { [JSON_TYPE]: Asset },
  },
  types: {
    ...read(
      '/types',
      'listTypes',
      'List asset types',
      'The templates of assets, each with the contract of what it publishes.',
    ),
    query: AssetQuery,
    answers: { [JSON_TYPE]: AssetTypes },
  },
  modelVersions: {
    ...read(
      '/model/versions',
      'listModelVersions',
      'List versions of the model',
      'Who applied which version, when and why.',
    ),
    answers: { [JSON_TYPE]: ModelVersions },
  },
  modelTexts: {
    ...read(
      '/model/texts',
      'getModelTexts',
      'The texts of a version',
      'The files of a version of the model as they were applied.',
    ),
    query: ModelTextsQuery,
    answers: { [JSON_TYPE]: ModelTexts },
  },
  modelPlan: {
    ...read(
      '/model/plan',
      'planModel',
      'What a model would change',
      'Reads the texts of a model and tells their defects and the difference on every instance. Nothing is applied.',
    ),
    method: 'POST',
    body: { schema: PlanBody, maxBytes: MAX_MODEL_BYTES },
    answers: { [JSON_TYPE]: ModelPlan },
  },
  modelApply: {
    ...read(
      '/model/apply',
      'applyModel',
      'Make a model the next version',
      'Every version is kept whole. Refused where it has defects, or breaks a live subscriber, unless that is accepted.',
    ),
    method: 'POST',
    body: { schema: ApplyBody, maxBytes: MAX_MODEL_BYTES },
    answers: { [JSON_TYPE]: ApplyAnswer },
  },
  modelProposal: {
    ...read(
      '/model/proposal',
      'proposeModel',
      'A first draft of a model from a tag list',
      'Understands ISA-5.1 tag names, KKS designations and plain paths; answers types and assets as texts. Nothing is applied.',
    ),
    method: 'POST',
    body: { schema: ProposalBody, maxBytes: MAX_MODEL_BYTES },
    answers: { [JSON_TYPE]: ModelProposal },
  },
} as const satisfies Record<string, Endpoint>;
