/** Begins to send blocks, over what the configuration names. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import type { Forwarding, ForwardingParts } from './forwarding.ts';
import { forwardOverDiode } from './forwardOverDiode.ts';
import { forwardOverTls } from './forwardOverTls.ts';

/** Faults, on the way over a diode: `boundary.key`, `boundary.unreachable`, `gateway.data-directory`. */
export function startForwarding(config: GatewayConfig, parts: ForwardingParts): Promise<Result<Forwarding>> {
  const { diode } = config.server;
  return diode ? forwardOverDiode(config, diode, parts) : forwardOverTls(config, parts);
}
