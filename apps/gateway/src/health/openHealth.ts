/** The learned models of a gateway with what is known of their equipment from before its start. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { GatewayHealth } from '@tidegate/edge/conditioning/health/gatewayHealth.ts';
import { HealthKeeper, type HealthKeeperPorts } from '@tidegate/edge/conditioning/health/healthKeeper.ts';
import type { WatchedProfile } from '@tidegate/edge/conditioning/health/watchedProfile.ts';
import { type Supervised, supervise } from '@tidegate/edge/supervision/supervise.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';

export interface OpenHealth {
  readonly health: GatewayHealth;
  readonly keeper: HealthKeeper;
}

/** `undefined` where none are configured. Fault: `gateway.data-directory`. */
export async function openHealth(
  directory: string,
  profiles: readonly WatchedProfile[],
  ports: HealthKeeperPorts,
): Promise<Result<OpenHealth | undefined>> {
  if (profiles.length === 0) return success(undefined);
  try {
    const keeper = await HealthKeeper.open(directory, profiles, ports);
    return success({ keeper, health: new GatewayHealth({ profiles, kept: keeper.found, ...ports }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('gateway.data-directory', `${directory} ${directoryDefect(error as NodeJS.ErrnoException)}`);
  }
}

/** One worker judges, and another keeps how all stands: a slow disk holds no judgement up. */
export function superviseHealth({ health, keeper }: OpenHealth, ports: HealthKeeperPorts): readonly Supervised[] {
  return [
    supervise('health', (signal) => health.run(signal), ports),
    supervise('health keeper', (signal) => keeper.run(health, signal), ports),
  ];
}
