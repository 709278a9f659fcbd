/** The tags in which a gateway accounts for itself: its events, the checkpoints of its ledger, and its certificate. */

import { eventTagPath, LEDGER_SIGNALS, type LedgerSignal, ledgerTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import { EVENT_KINDS, type EventKind } from '@tidegate/core/port/eventSink.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { TagRule } from '../conditioning/tagRule.ts';

/** The numbers of the tags. */
export interface SystemTags {
  readonly events: ReadonlyMap<EventKind, number>;
  readonly ledger: Readonly<Record<LedgerSignal, number>>;
}

/** What happens on the other side of the boundary only. */
const OF_THE_SERVER = /^(archive|lake|ledger)\./;
const KINDS = EVENT_KINDS.filter((kind) => !OF_THE_SERVER.test(kind));

/** What is said again is said for a reason: only what comes within the same moment counts once. */
const MAX_INTERVAL_MS = 1;

const EVENT_TEXT = 'Events of this kind, each as JSON: source, detail, and how many before it were left out';
const DESCRIPTIONS: Readonly<Record<LedgerSignal, string>> = {
  operational: 'Signed checkpoints of the operational lane (docs/formats/checkpoint.md)',
  analytical: 'Signed checkpoints of the analytical lane (docs/formats/checkpoint.md)',
  audit: 'Signed checkpoints of the audit lane (docs/formats/checkpoint.md)',
  certificate: 'The certificate whose key signs the checkpoints, as PEM text',
};

/** The ids of the tags, in the order in which `numberSystemTags` wants their numbers. */
export function systemTagIds(gateway: string): string[] {
  return [
    ...KINDS.map((kind) => eventTagPath(gateway, kind)),
    ...LEDGER_SIGNALS.map((signal) => ledgerTagPath(gateway, signal)),
  ];
}

export interface NumberedSystemTags {
  readonly definitions: readonly TagDefinition[];
  readonly rules: readonly TagRule[];
  readonly system: SystemTags;
}

export function numberSystemTags(gateway: string, numbers: readonly number[]): NumberedSystemTags {
  const descriptions = [...KINDS.map(() => EVENT_TEXT), ...LEDGER_SIGNALS.map((signal) => DESCRIPTIONS[signal])];
  const definitions = systemTagIds(gateway).map((path, at) => definitionOf(numbers[at], path, descriptions[at]));
  const ledgerNumbers = numbers.slice(KINDS.length);
  return {
    definitions,
    rules: definitions.map(ruleOf),
    system: {
      events: new Map(KINDS.map((kind, at) => [kind, numbers[at]])),
      ledger: Object.fromEntries(
        LEDGER_SIGNALS.map((signal, at) => [signal, ledgerNumbers[at]]),
      ) as SystemTags['ledger'],
    },
  };
}

function definitionOf(number: number, path: string, description: string): TagDefinition {
  return { number, id: path, path, type: 'string', lane: 'audit', unit: '', description, stepped: true, aliases: [] };
}

function ruleOf({ number }: TagDefinition): TagRule {
  return { number, lane: 'audit', stepped: true, exception: { deviation: 0, maxIntervalMs: MAX_INTERVAL_MS } };
}
