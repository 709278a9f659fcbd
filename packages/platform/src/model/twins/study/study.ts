/** A question about a twin whose answer takes computing: plain data, so that a thread of its own can answer it. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import { type DiagnosisQuestion, diagnose } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { FitReport } from '../fit/fitReport.ts';
import { type FitQuestion, fitTwin } from '../fit/fitTwin.ts';
import { type WhatIfQuestion, type WhatIfRun, whatIf } from '../whatif/whatIf.ts';

export interface StudyQuestions {
  readonly fit: FitQuestion;
  readonly whatIf: WhatIfQuestion;
  readonly diagnosis: DiagnosisQuestion;
}

export interface StudyAnswers {
  readonly fit: FitReport;
  readonly whatIf: WhatIfRun;
  readonly diagnosis: Diagnosis;
}

export type StudyKind = keyof StudyQuestions;

export interface Study<K extends StudyKind = StudyKind> {
  readonly kind: K;
  readonly question: StudyQuestions[K];
}

const ANSWERERS: { readonly [K in StudyKind]: (question: StudyQuestions[K]) => Result<StudyAnswers[K]> } = {
  fit: fitTwin,
  whatIf,
  diagnosis: diagnose,
};

export function answerStudy<K extends StudyKind>({ kind, question }: Study<K>): Result<StudyAnswers[K]> {
  return ANSWERERS[kind](question);
}
