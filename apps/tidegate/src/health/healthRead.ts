/** Asks the server about equipment health, and tells the answer as people read it or as JSON. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

export interface Given {
  readonly server: string;
  readonly json?: true;
}

export async function read<T>(
  { server, json }: Given,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  format: (answer: T) => string,
): Promise<Result<string>> {
  const answer = await new ServerApi(server).get<T>(path, query);
  return answer.ok ? success(json ? jsonText(answer.value) : format(answer.value)) : answer;
}

export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
