/** Asks a server for the alarms of the plant, and answers those that it evaluates itself. */

import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { AlarmAnswer, AlarmRequest, LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import type { Problem } from '../serverApi/answers.ts';
import { faultOf, type ServerApi } from '../serverApi/serverApi.ts';
import type { AlarmSource } from './alarmSource.ts';

interface ListedAlarm extends AlarmView {
  readonly origin: string;
}

interface AlarmList {
  readonly at: Timestamp;
  readonly alarms: readonly ListedAlarm[];
}

interface OperationAnswer {
  readonly done: readonly AlarmView[];
  readonly refused: readonly { readonly name: string; readonly code: string; readonly detail: string }[];
}

const SERVER_ORIGIN = 'server';

export class ServerAlarmSource implements Pick<AlarmSource, 'list' | 'operate'> {
  readonly #api: ServerApi;

  constructor(api: ServerApi) {
    this.#api = api;
  }

  /** Those of gateways have the name of their gateway before their own. Faults: `api.unreachable`, `api.answer`. */
  async list(): Promise<Result<LiveAlarms>> {
    const listed = await this.#api.get<AlarmList>('/alarms', { show: 'all' });
    if (!listed.ok) return listed;
    const { at, alarms } = listed.value;
    const named = alarms.map(({ origin, ...alarm }) => {
      return origin === SERVER_ORIGIN ? alarm : { ...alarm, name: `${origin}: ${alarm.name}` };
    });
    return success({ at, gateway: 'server', configured: alarms.length > 0, alarms: named });
  }

  /** Faults: `api.unreachable`, `api.answer`, `request.invalid`. */
  async operate({ operation, alarms, by, comment, forMs, oneShot }: AlarmRequest): Promise<Result<AlarmAnswer>> {
    const names = alarms === 'all' ? await this.#open() : success(alarms);
    if (!names.ok) return names;
    if (names.value.length === 0) return success({ at: 0 as Timestamp, done: [], refused: [] });
    const forSeconds = forMs === undefined ? undefined : forMs / 1_000;
    const body = { operation, alarms: names.value, by, comment, forSeconds, oneShot };
    const response = await this.#api.post('/alarms/operations', body, 'application/json');
    if (!response.ok) return response;
    const answer = (await response.value.json()) as OperationAnswer | Problem;
    if (!('done' in answer)) return faultOf(answer);
    const refused = answer.refused.map(({ name, code, detail }) => ({
      alarm: name,
      fault: faultOf({ code, detail }).fault,
    }));
    return success({ at: 0 as Timestamp, done: answer.done, refused });
  }

  async #open(): Promise<Result<readonly string[]>> {
    const listed = await this.#api.get<AlarmList>('/alarms', { origin: SERVER_ORIGIN });
    return listed.ok ? success(listed.value.alarms.map(({ name }) => name)) : listed;
  }
}
