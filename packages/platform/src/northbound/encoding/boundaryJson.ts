/** The state of the boundary, made from the ledgers of the historian. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { type Timestamp, timestampToMs, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import { type Hole, samplesOf } from '../../historian/ingest/hole.ts';
import { SERVER_STREAM } from '../../historian/ingest/storedTag.ts';
import { pending, type StreamLedger, unexplained } from '../../historian/ingest/streamLedger.ts';
import type { Boundary, BoundaryHole, BoundaryStream, Heartbeat, Position } from '../contract/boundary.ts';
import type { BoundaryConnections, NorthboundHistorian } from './northboundHistorian.ts';

/** Heartbeats come every second; a lane whose last one is older than this has gone silent. */
export const HEARTBEAT_FRESH_US = 5 * US_PER_S;

export function boundaryJson(
  historian: NorthboundHistorian,
  connections: BoundaryConnections | undefined,
  now: Timestamp,
): Boundary {
  const streams = gatewayLedgers(historian.ledgers()).map((ledger) => boundaryStream(ledger, connections, now));
  return { at: now, streams };
}

/** By gateway, the operational lane first; without what the server brought itself, which crossed no boundary. */
export function gatewayLedgers(ledgers: readonly StreamLedger[]): StreamLedger[] {
  const ofGateways = ledgers.filter(({ gateway }) => gateway !== SERVER_STREAM);
  return ofGateways.sort((a, b) => {
    if (a.gateway !== b.gateway) return a.gateway < b.gateway ? -1 : 1;
    return LANES.indexOf(a.lane) - LANES.indexOf(b.lane);
  });
}

function boundaryStream(
  ledger: StreamLedger,
  connections: BoundaryConnections | undefined,
  now: Timestamp,
): BoundaryStream {
  const fresh = ledger.heartbeat !== undefined && now - ledger.heartbeat.at < HEARTBEAT_FRESH_US;
  const connected = connections ? connections.connected(ledger) : fresh;
  const missing = unexplained(ledger);
  return {
    gateway: ledger.gateway,
    lane: ledger.lane,
    connected,
    via: connections?.via(ledger) ?? null,
    position: { epoch: ledger.position.epoch, sequence: ledger.position.sequence },
    baseline: ledger.baseline,
    stored: ledger.stored,
    undeclared: ledger.undeclared,
    lost: ledger.lost,
    pending: pending(ledger),
    holes: ledger.holes.flatMap(holeJson),
    losses: [...ledger.losses],
    repeated: ledger.repeated,
    tally: ledger.tally,
    unexplained: missing,
    balanced: missing === 0,
    lagMs: lagMs(ledger, connected, now),
    sealedAt: ledger.sealedAt,
    receivedAt: ledger.receivedAt,
    heartbeat: heartbeatJson(ledger),
  };
}

/**
 * How late the server is with this stream. A plant that is quiet seals no blocks, and the age of the last one says
 * nothing: as long as the gateway is heard to hold nothing newer, its lag is what the last block took to get here.
 */
function lagMs(ledger: StreamLedger, connected: boolean, now: Timestamp): number {
  const head = ledger.heartbeat?.head;
  const nothingWaits = connected && (head === undefined || comparePositions(head, ledger.position) <= 0);
  return timestampToMs(((nothingWaits ? ledger.receivedAt : now) - ledger.sealedAt) as Timestamp);
}

function heartbeatJson({ heartbeat }: StreamLedger): Heartbeat | null {
  if (!heartbeat) return null;
  const { at, head, oldest, depth, tally, policy } = heartbeat;
  return { at, head: positionJson(head), oldest: positionJson(oldest), depth, tally, policy: policy ?? null };
}

function positionJson(position: BlockPosition | undefined): Position | null {
  return position ? { epoch: position.epoch, sequence: position.sequence } : null;
}

/** Between two runs there may be more than the counts tell, until the gateway is heard: that is nothing to be shown. */
function holeJson(hole: Hole): BoundaryHole[] {
  const { after, before } = hole;
  const samples = samplesOf(hole);
  return samples > 0 ? [{ after, before, samples }] : [];
}
