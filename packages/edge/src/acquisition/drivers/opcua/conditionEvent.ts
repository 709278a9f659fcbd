/** An event of a server, of a condition (an alarm) or another, as a reading tells it: JSON text. */

import { emptyValue, type ReadValue, readVariant } from './encoding/readValue.ts';
import type { UaReader } from './encoding/uaReader.ts';
import { EVENT_FIELDS, type EventFieldName } from './service/eventField.ts';

/** OPC 10000-5, 6.4.2 and OPC 10000-9, 5. What an event of its type does not have is absent. */
export interface ConditionEvent {
  /** Microseconds since 1970. */
  readonly time?: number;
  readonly eventType?: string;
  readonly source?: string;
  readonly message?: string;
  /** 1 to 1000, the higher the more urgent. */
  readonly severity?: number;
  /** The node of the condition: the same for all that happens to it. */
  readonly conditionId?: string;
  readonly condition?: string;
  /** Of an older state of the condition that still wants to be acknowledged. */
  readonly branchId?: string;
  readonly active?: boolean;
  readonly acknowledged?: boolean;
  /** Whether the condition is still of interest. */
  readonly retain?: boolean;
}

const NULL_NODE = 'i=0';
/** A message to people is a sentence. */
const MAX_TEXT = 1_024;

/** Reads the fields in the order in which they were asked for; one of another kind than the standard says is left out. */
export function readEvent(reader: UaReader): ConditionEvent {
  const event: Partial<Record<EventFieldName, string | number | boolean>> = {};
  const count = reader.count();
  const value = emptyValue();
  for (let index = 0; index < count && reader.defect === undefined; index++) {
    readVariant(reader, value);
    const field = EVENT_FIELDS.at(index);
    if (field?.kind !== value.kind) continue;
    const told = plain(value);
    if (told !== undefined) event[field.name] = told;
  }
  return event as ConditionEvent;
}

function plain({ kind, number, text }: ReadValue): string | number | boolean | undefined {
  if (kind === 'text') return text === NULL_NODE ? undefined : text.slice(0, MAX_TEXT);
  if (kind === 'boolean') return number === 1;
  return Number.isFinite(number) ? number : undefined;
}
