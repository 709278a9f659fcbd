/** One case as it is shown, and what people do with it. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { askModel } from '../model/askModel.ts';
import { ServerApi } from '../serverApi/serverApi.ts';
import { sendPhotos } from './casePhotos.ts';
import { formatCase } from './caseText.ts';
import type { CaseDetail, Evidence } from './healthAnswers.ts';
import { type Given, jsonText } from './healthRead.ts';

export interface DoGiven extends Given {
  readonly by: string;
  readonly comment?: string;
  /** Those that began with it as well. */
  readonly group?: true;
}

export interface FindGiven extends DoGiven {
  readonly outcome: string;
  readonly failure?: string;
  readonly repaired?: true;
  readonly photo?: readonly string[];
  readonly at?: string;
  readonly failedAt?: string;
  readonly close?: true;
}

/** Where the courses of its signs cannot be had, the case is shown without them. */
export async function showCase(number: number, given: Given): Promise<Result<string>> {
  const api = new ServerApi(given.server);
  const shown = await api.get<CaseDetail>('/health/case', { number: String(number) });
  if (!shown.ok) return shown;
  if (given.json) return success(jsonText(shown.value));
  const evidence = await api.get<Evidence>('/health/evidence', { number: String(number), points: '40' });
  return success(formatCase(shown.value, evidence.ok ? evidence.value : undefined));
}

export async function operate(
  number: number,
  operation: string,
  { server, json, by, comment, group }: DoGiven,
  more: object = {},
): Promise<Result<string>> {
  const body = { number, operation, by, comment, group, ...more };
  const done = await askModel<CaseDetail>(new ServerApi(server), '/health/cases/operations', body);
  if (!done.ok) return done;
  const { state, snoozedUntil } = done.value;
  const rests = snoozedUntil === null ? '' : ', and rests for a time';
  const others = group ? ', and so are those that began with it' : '';
  return success(json ? jsonText(done.value) : `case ${number} is ${state}${rests}${others}\n`);
}

export async function find(number: number, given: FindGiven): Promise<Result<string>> {
  const { server, outcome, failure: what, repaired, photo = [], at, failedAt, by } = given;
  const photos = await sendPhotos(new ServerApi(server), number, photo, by);
  if (!photos.ok) return photos;
  const finding = { outcome, failure: what, repaired, photos: photos.value, at, failedAt };
  const found = await operate(number, 'find', given, finding);
  return found.ok && given.close ? operate(number, 'close', given) : found;
}
