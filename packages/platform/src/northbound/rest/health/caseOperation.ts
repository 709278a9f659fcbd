/** What people do with a case. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { z } from 'zod';
import type { HealthCase } from '../../../monitor/health/cases/healthCase.ts';
import type { CaseOperationBody, HealthCaseDetail } from '../../contract/healthCase.ts';
import { momentOf } from '../history/moments.ts';
import { answer, invalidFields, type Outcome } from '../outcome.ts';
import { readCase } from './caseRead.ts';
import type { HealthDoor } from './healthDoor.ts';

type Body = z.output<typeof CaseOperationBody>;

/** What can be said of many cases in the same words: a dip of the power that set them all off. */
const OF_GROUPS: ReadonlySet<Body['operation']> = new Set(['snooze', 'find', 'close', 'comment']);

/** Answers the case as it stands afterwards. What its group cannot bear is told after its own has been done. */
export function operateCase(door: HealthDoor, body: Body, now: Timestamp): Outcome<HealthCaseDetail> {
  if (body.group && !OF_GROUPS.has(body.operation)) {
    return invalidFields([{ field: 'group', detail: `goes with ${[...OF_GROUPS].join(', ')}` }]);
  }
  const others = body.group ? door.keeper.beganWith(body.number) : success([]);
  if (!others.ok) return { ...others, extras: {} };
  const done = operated(door, body, now);
  if (!done.ok) return done;
  for (const number of others.value) {
    // Photos are of one equipment.
    const also = operated(door, { ...body, number, photos: [] }, now);
    if (!also.ok) return also;
  }
  return readCase(door, body.number, now);
}

function operated({ keeper, orders }: HealthDoor, body: Body, now: Timestamp): Outcome<HealthCase> {
  const { number, by, comment = '' } = body;
  switch (body.operation) {
    case 'snooze': {
      if (body.until === undefined) return invalidFields([{ field: 'until', detail: 'must be given' }]);
      const until = momentOf('until', body.until, 'UTC', now);
      return until.ok ? outcomeOf(keeper.snooze(number, { until: until.value, reason: comment, by })) : until;
    }
    case 'wake':
      return outcomeOf(keeper.wake(number, { reason: comment, by }));
    case 'order':
      return outcomeOf(keeper.order(number, { port: body.port ?? orders.names[0] ?? '', comment, by }));
    case 'find':
      return found(keeper, body, now);
    case 'close':
      return outcomeOf(keeper.close(number, { comment, by }));
    case 'reopen':
      return outcomeOf(keeper.reopen(number, { comment, by }));
    case 'comment':
      return outcomeOf(keeper.comment(number, { text: comment, by }));
    case 'undo':
      return outcomeOf(keeper.undo(number, { by }));
  }
}

function found(keeper: HealthDoor['keeper'], body: Body, now: Timestamp): Outcome<HealthCase> {
  const { number, by, comment = '', outcome, failure, repaired, photos } = body;
  if (outcome === undefined) return invalidFields([{ field: 'outcome', detail: 'must be given' }]);
  const at = momentOf('at', body.at ?? '*', 'UTC', now);
  if (!at.ok) return at;
  const failedAt = body.failedAt === undefined ? answer(undefined) : momentOf('failedAt', body.failedAt, 'UTC', now);
  if (!failedAt.ok) return failedAt;
  const finding = { outcome, failure, notes: comment, repaired, photos, by, at: at.value, failedAt: failedAt.value };
  return outcomeOf(keeper.find(number, finding));
}

function outcomeOf(done: Result<HealthCase>): Outcome<HealthCase> {
  return done.ok ? answer(done.value) : { ...done, extras: {} };
}
