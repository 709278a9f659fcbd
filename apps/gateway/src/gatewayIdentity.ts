/** What the gateway proves to the server who it is with: its certificate must be made out to its name. */

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import { IDENTITY_FILES, type Identity, readIdentity } from '@tidegate/process/identity/identity.ts';

/** Fault: `gateway.certificates` where a file cannot be read, or the certificate is made out to another gateway. */
export async function readGatewayIdentity(directory: string, gateway: string): Promise<Result<Identity>> {
  const identity = await readIdentity(directory, 'gateway.certificates');
  if (!identity.ok) return identity;
  const file = join(directory, IDENTITY_FILES.cert);
  const name = commonNameOf(identity.value.cert);
  if (name === undefined) return failure('gateway.certificates', `${file} is not a certificate in PEM form`);
  if (name === gateway) return identity;
  return failure('gateway.certificates', `${file} is made out to "${name}", and this gateway is "${gateway}"`);
}

/** The server knows a gateway by the common name of its certificate; `undefined` where `pem` is no certificate. */
function commonNameOf(pem: string): string | undefined {
  try {
    const { CN } = new X509Certificate(pem).toLegacyObject().subject;
    return String(CN);
  } catch {
    return undefined;
  }
}
