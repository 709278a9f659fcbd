/** Where a stage reports what a person should know and what is not a sample: a refused frame, a damaged record. */

import type { Timestamp } from '../clock/timestamp.ts';

/**
 * `boundary.*`, `certificate.*`, `guard.*`, `ledger.*`, `line.call-refused` and `policy.*` concern security, `device.*`, `health.*`,
 * `line.*`, `live.*`, `model.*` and `spool.*` operations, `worker.*` ourselves. Lines that several devices share have events of their own.
 */
export const EVENT_KINDS = [
  'guard.refused',
  'device.connected',
  'device.lost',
  'device.address-refused',
  'device.identity-changed',
  'device.diagnosis',
  'device.restarted',
  'device.events-lost',
  'device.configuration-changed',
  'device.master-changed',
  'bus.station-lost',
  'bus.station-returned',
  'bus.station-moved',
  'bus.masters-changed',
  'bus.token-lost',
  'line.connected',
  'line.lost',
  'line.call-refused',
  'boundary.connected',
  'boundary.lost',
  'boundary.refused',
  'boundary.gap',
  'boundary.advice',
  'policy.refused',
  'policy.differs',
  'policy.agrees',
  'certificate.changed',
  'certificate.unusable',
  'certificate.expiring',
  'certificate.expired',
  'certificate.revoked',
  'certificate.list-outdated',
  'alarms.unwritable',
  'alarms.writable',
  'archive.damaged',
  'archive.merge-failed',
  'frames.failed',
  'health.case-opened',
  'health.order-failed',
  'health.unwritable',
  'health.writable',
  'health.failed',
  'health.model-learned',
  'health.model-outdated',
  'lake.published',
  'lake.failed',
  'ledger.broken',
  'live.unavailable',
  'model.changed',
  'model.defective',
  'journal.damaged',
  'spool.expired',
  'spool.refused',
  'spool.unreadable',
  'worker.crashed',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

export interface PlantEvent {
  readonly at: Timestamp;
  readonly kind: EventKind;
  /** What it happened to: a device, a lane, a file. */
  readonly source: string;
  /** One sentence with the numbers and names at hand. */
  readonly detail: string;
}

export type EventSink = (event: PlantEvent) => void;
