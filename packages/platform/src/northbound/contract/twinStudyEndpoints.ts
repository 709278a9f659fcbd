/** The endpoints of studies of twins. */

import { AssetParams } from './asset.ts';
import { type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import {
  DiagnosisQuery,
  MAX_STUDY_BYTES,
  TwinDiagnosis,
  TwinFitBody,
  TwinFits,
  WhatIf,
  WhatIfBody,
} from './twinStudy.ts';

export const TWIN_STUDY_ENDPOINTS = {
  twinFit: {
    ...read(
      '/twins/fit',
      'fitTwins',
      'Fit the parameters of twins to history',
      'By least squares, with confidence, for one asset or all of a type. The text of the file that keeps it is answered; nothing is applied.',
    ),
    method: 'POST',
    body: { schema: TwinFitBody, maxBytes: MAX_STUDY_BYTES },
    answers: { [JSON_TYPE]: TwinFits },
  },
  twinWhatIf: {
    ...read(
      '/twins/whatif',
      'runWhatIf',
      'Run a twin with other inputs or parameters',
      'From any past or present moment, in a sealed copy: nothing of the live side sees it. Compared with what happened.',
    ),
    method: 'POST',
    body: { schema: WhatIfBody, maxBytes: MAX_STUDY_BYTES },
    answers: { [JSON_TYPE]: WhatIf },
  },
  twinDiagnosis: {
    ...read(
      '/twins/{asset}/diagnosis',
      'diagnoseTwin',
      'What is behind the residuals of a twin',
      'Tells an instrument that drifts from a machine that changes, with the size and the beginning, or says that nothing has changed.',
    ),
    params: AssetParams,
    query: DiagnosisQuery,
    answers: { [JSON_TYPE]: TwinDiagnosis },
  },
} as const satisfies Record<string, Endpoint>;
