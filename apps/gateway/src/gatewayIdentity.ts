/** What the gateway proves to the server who it is with: a certificate made out to its name, for a key that can sign. */

import { join } from 'node:path';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { type CheckedIdentity, commonNameOf } from '@tidegate/process/identity/checkedIdentity.ts';
import { IDENTITY_FILES } from '@tidegate/process/identity/identity.ts';
import { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';

export interface IdentityPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

/**
 * Faults: `gateway.certificates` where a file cannot be read, or the certificate is made out to another gateway;
 * `certificate.key-type` where its key is not Ed25519; those of `checkIdentity`.
 */
export function watchGatewayIdentity(
  directory: string,
  gateway: string,
  ports: IdentityPorts,
): Promise<Result<WatchedIdentity>> {
  const file = join(directory, IDENTITY_FILES.cert);
  const accept = (identity: CheckedIdentity) => defectOf(identity, gateway, file);
  return WatchedIdentity.open({ directory, fault: 'gateway.certificates', accept, ...ports });
}

function defectOf({ certificate }: CheckedIdentity, gateway: string, file: string): Fault | undefined {
  const name = commonNameOf(certificate);
  if (name !== gateway) {
    const detail = `${file} is made out to "${name}", and this gateway is "${gateway}"`;
    return failure('gateway.certificates', detail).fault;
  }
  const type = certificate.publicKey.asymmetricKeyType;
  if (type === 'ed25519') return undefined;
  return failure('certificate.key-type', `${file} is for a key of type ${type}`).fault;
}
