/** What a relay proves to both ends who it is with: a certificate made out to its name, as a relay's. */

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

/** Faults: `gate.certificates` where a file cannot be read or the certificate is another's, and those of `checkIdentity`. */
export function watchGateIdentity(
  directory: string,
  relay: string,
  ports: IdentityPorts,
): Promise<Result<WatchedIdentity>> {
  const file = join(directory, IDENTITY_FILES.cert);
  const accept = (identity: CheckedIdentity) => defectOf(identity, relay, file);
  return WatchedIdentity.open({ directory, fault: 'gate.certificates', accept, ...ports });
}

function defectOf({ certificate }: CheckedIdentity, relay: string, file: string): Fault | undefined {
  const name = commonNameOf(certificate);
  const { OU: unit }: { OU?: unknown } = certificate.toLegacyObject().subject ?? {};
  if (name !== relay) {
    return failure('gate.certificates', `${file} is made out to "${name}", and this relay is "${relay}"`).fault;
  }
  // Without it both ends would take the relay for a gateway of its own name.
  return unit === 'relay' ? undefined : failure('gate.certificates', `${file} is not the certificate of a relay`).fault;
}
