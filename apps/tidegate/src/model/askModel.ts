/** Sends what is asked about the model to the server as JSON, and reads the answer or the fault. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Problem } from '../serverApi/answers.ts';
import { faultOf, type ServerApi } from '../serverApi/serverApi.ts';

/** Faults: `api.unreachable`, `api.answer`, and those that the server names. */
export async function askModel<T>(api: ServerApi, path: string, body: object): Promise<Result<T>> {
  return answerOf<T>(await api.post(path, body, 'application/json'));
}

/** What a response holds. Faults: `api.answer`, and those that the server names. */
export async function answerOf<T>(response: Result<Response>): Promise<Result<T>> {
  if (!response.ok) return response;
  try {
    const answer: unknown = await response.value.json();
    return response.value.ok ? success(answer as T) : faultOf(answer as Problem);
  } catch {
    return failure('api.answer', `The server answers with status ${response.value.status} and without JSON.`);
  }
}
