/** Blocks as datagrams, to where nothing ever comes back from: one sender for all lanes. */

import { createHash } from 'node:crypto';
import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { DiodeConfig, GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import {
  type DiodeForwarderOptions,
  parsePresharedKey,
  type RunningDiodeForwarder,
  startDiodeForwarder,
} from '@tidegate/oneway/forward/diode/diodeForwarder.ts';
import { readKeyFile } from '@tidegate/process/identity/readKeyFile.ts';
import { nextDiodeSession } from './diodeSession.ts';
import { DRAIN_LIMIT_MS, type Forwarding, type ForwardingParts } from './forwarding.ts';

/** Faults: `boundary.key`, `boundary.unreachable`, `gateway.data-directory`. */
export async function forwardOverDiode(
  config: GatewayConfig,
  diode: DiodeConfig,
  { directory, spools, definitions, clock, events }: ForwardingParts,
): Promise<Result<Forwarding>> {
  const { server, policy, ...rest } = config;
  const secret = await readKeyFile(diode.keyFile);
  if (!secret.ok) return secret;
  const key = parsePresharedKey(secret.value);
  if (!key.ok) return key;
  const session = await nextDiodeSession(directory.diodeSession, clock.now());
  if (!session.ok) return session;
  const digest = createHash('sha256').update(JSON.stringify(rest)).digest();
  const started = await startDiodeForwarder({
    // Those that operations depend on go first; what explains them goes before what may wait.
    sources: [spools.operational, spools.audit, spools.analytical],
    tags: () => definitions,
    target: { host: server.host, port: server.port },
    key: key.value,
    session: session.value,
    configurationDigest: () => digest,
    policy: () => policy?.shortDigest,
    clock,
    events,
    bytesPerSecond: diode.bytesPerSecond,
    ...chosen(diode),
  });
  return started.ok ? success(new DiodeForwarding(started.value, clock)) : started;
}

class DiodeForwarding implements Forwarding {
  readonly #forwarder: RunningDiodeForwarder;
  readonly #clock: Clock;

  constructor(forwarder: RunningDiodeForwarder, clock: Clock) {
    this.#forwarder = forwarder;
    this.#clock = clock;
  }

  status(lane: string) {
    const found = this.#forwarder.status().lanes.find((one) => one.lane === lane);
    return { connected: true, acknowledged: found?.acknowledged };
  }

  async drain(hurry: AbortSignal): Promise<void> {
    await Promise.race([this.#forwarder.drained(), delay(this.#clock, DRAIN_LIMIT_MS, hurry)]);
  }

  stop(): Promise<void> {
    return this.#forwarder.stop();
  }
}

/** What the operator has chosen; the forwarder knows the rest. */
function chosen({ dataSymbols: k, paritySymbols: m, interleave, mtu }: DiodeConfig): Partial<DiodeForwarderOptions> {
  const settings = Object.entries({ k, m, interleave, mtu }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(settings);
}
