/** The fields of an event that are asked for, in this order (OPC 10000-5, 6.4.2; OPC 10000-9, 5.5.2, 5.7.2, 5.8.2). */

interface EventField {
  readonly name: string;
  /** The event type that has the field; the field itself is found from it by `path`, and is its node where that is empty. */
  readonly type: number;
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'boolean' | 'time';
}

const BASE_EVENT = 2041;
const CONDITION = 2782;
const ACKNOWLEDGEABLE = 2881;
const ALARM = 2915;

export const EVENT_FIELDS = [
  { name: 'eventType', type: BASE_EVENT, path: ['EventType'], kind: 'text' },
  { name: 'source', type: BASE_EVENT, path: ['SourceName'], kind: 'text' },
  { name: 'time', type: BASE_EVENT, path: ['Time'], kind: 'time' },
  { name: 'message', type: BASE_EVENT, path: ['Message'], kind: 'text' },
  { name: 'severity', type: BASE_EVENT, path: ['Severity'], kind: 'number' },
  { name: 'conditionId', type: CONDITION, path: [], kind: 'text' },
  { name: 'condition', type: CONDITION, path: ['ConditionName'], kind: 'text' },
  { name: 'retain', type: CONDITION, path: ['Retain'], kind: 'boolean' },
  { name: 'branchId', type: CONDITION, path: ['BranchId'], kind: 'text' },
  { name: 'acknowledged', type: ACKNOWLEDGEABLE, path: ['AckedState', 'Id'], kind: 'boolean' },
  { name: 'active', type: ALARM, path: ['ActiveState', 'Id'], kind: 'boolean' },
] as const satisfies readonly EventField[];

export type EventFieldName = (typeof EVENT_FIELDS)[number]['name'];
