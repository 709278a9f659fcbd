/** What an alarm says of itself where nobody wrote it a message. */

import type { Condition } from '../condition/condition.ts';
import type { AlarmDefinition } from './alarmDefinition.ts';

const US_PER_S = 1_000_000;

/** One clause, which the path of what is watched begins: `acme/north/flow above 120 m3/h`. */
export function messageOf({ message, subject, condition, reference }: AlarmDefinition, unit: string): string {
  return message ?? `${subject.path} ${clauseOf(condition, unit === '' ? '' : ` ${unit}`, reference?.path)}`;
}

function clauseOf(condition: Condition, unit: string, reference: string | undefined): string {
  switch (condition.kind) {
    case 'high-high':
    case 'high':
      return `above ${condition.limit}${unit}`;
    case 'low':
    case 'low-low':
      return `below ${condition.limit}${unit}`;
    case 'rate-of-rise':
      return `rises by more than ${condition.limit}${unit} in ${condition.overUs / US_PER_S} s`;
    case 'rate-of-fall':
      return `falls by more than ${condition.limit}${unit} in ${condition.overUs / US_PER_S} s`;
    case 'deviation':
      return `more than ${condition.limit}${unit} from ${condition.setPoint ?? reference}`;
    case 'discrete':
      return `is ${condition.equals}`;
    case 'discrepancy':
      return `is not what ${reference} says`;
    case 'stale':
      return `without a value for ${condition.forUs / US_PER_S} s`;
    case 'bad-quality':
      return 'of bad quality';
    default:
      return `unusual by more than ${condition.limit} standard deviations (${condition.kind})`;
  }
}
