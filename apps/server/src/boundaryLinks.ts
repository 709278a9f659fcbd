/** By which ways gateways reach this server: for those who look at the boundary. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { RunningDiodeReceiver } from '@tidegate/oneway/receive/diode/diodeReceiver.ts';
import type { RunningReceiver } from '@tidegate/oneway/receive/receiver.ts';
import type {
  BoundaryCertificate,
  BoundaryConnections,
} from '@tidegate/platform/northbound/encoding/northboundHistorian.ts';
import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import type { IdentityStatus } from '@tidegate/process/identity/watchedIdentity.ts';

export interface BoundaryEnds {
  readonly receiver: Pick<RunningReceiver, 'connections'>;
  readonly diode: Pick<RunningDiodeReceiver, 'status'> | undefined;
  readonly policy: ConduitPolicy | undefined;
  readonly identity: () => Pick<IdentityStatus, 'name' | 'validUntil' | 'authorities'>;
}

const DIODE = 'diode';

export class BoundaryLinks implements BoundaryConnections {
  readonly #ends: BoundaryEnds;
  /** By gateway: how it came when it was last connected; itself where nobody brought it. */
  readonly #lastVia = new Map<string, string>();

  constructor(ends: BoundaryEnds) {
    this.#ends = ends;
  }

  /** Behind a diode a lane counts as connected while datagrams of its gateway come. */
  connected({ gateway, lane }: StreamName): boolean {
    const { receiver } = this.#ends;
    const isLive = receiver
      .connections()
      .some((one) => one.role === 'live' && one.gateway === gateway && one.lane === lane);
    return isLive || this.#comesOverDiode(gateway);
  }

  /** While nothing is connected, that by which it came last, or else that which the policy declares. */
  via({ gateway }: StreamName): string | undefined {
    const { receiver, policy } = this.#ends;
    const there = receiver.connections().find((one) => one.gateway === gateway)?.holder;
    const now = there ?? (this.#comesOverDiode(gateway) ? DIODE : undefined);
    if (now !== undefined) this.#lastVia.set(gateway, now);
    const via = now ?? this.#lastVia.get(gateway) ?? policy?.conduitsOf(gateway)[0]?.via;
    return via === gateway ? undefined : via;
  }

  certificates(): readonly BoundaryCertificate[] {
    const { receiver, identity } = this.#ends;
    const { name, validUntil, authorities } = identity();
    const relays = new Map<string, Timestamp>();
    for (const one of receiver.connections()) if (one.holder !== one.gateway) relays.set(one.holder, one.validUntil);
    return [
      { holder: name, role: 'server', validUntil },
      ...authorities.map((one) => ({ holder: one.name, role: 'authority', validUntil: one.validUntil }) as const),
      ...Array.from(relays, ([holder, until]) => ({ holder, role: 'relay', validUntil: until }) as const),
    ];
  }

  #comesOverDiode(gateway: string): boolean {
    const gateways = this.#ends.diode?.status().gateways ?? [];
    return gateways.some((sender) => sender.gateway === gateway && sender.connected);
  }
}
