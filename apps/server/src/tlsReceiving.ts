/** The TLS end of the boundary: gateways and relays that connect, and relays that the server fetches from. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { Fetcher } from '@tidegate/oneway/receive/fetcher.ts';
import { type ReceiverOptions, type RunningReceiver, startReceiver } from '@tidegate/oneway/receive/receiver.ts';
import type { ServerConfig } from './serverConfig.ts';
import { spokenFor } from './spokenFor.ts';

export type TlsReceivingOptions = Pick<ReceiverOptions, 'identity' | 'sink' | 'clock' | 'events'>;

/** Faults: those of the receiver. */
export async function receiveOverTls(
  { host, port, policy, relays, fetch }: ServerConfig['boundary'],
  options: TlsReceivingOptions,
): Promise<Result<RunningReceiver>> {
  const started = await startReceiver({ host, port, gatewaysOf: spokenFor(policy, relays), ...options });
  if (!started.ok) return started;
  const receiver = started.value;
  const { clock, events } = options;
  const fetchers = fetch.map((place) => new Fetcher({ ...place, receiver, clock, events }));
  return success({
    port: receiver.port,
    adopt: (socket) => receiver.adopt(socket),
    connections: () => receiver.connections(),
    useIdentity: (identity) => receiver.useIdentity(identity),
    async stop() {
      for (const fetcher of fetchers) fetcher.stop();
      await receiver.stop();
    },
  });
}
