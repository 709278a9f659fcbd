/** Proves that nobody but the gateway's user can use its keys, and says whether its spool is encrypted. */

import { join } from 'node:path';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { IDENTITY_FILES } from '@tidegate/process/identity/identity.ts';
import { type Check, failed, proved } from '@tidegate/process/selftest/check.ts';
import { GATEWAY_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import { fileRights } from '@tidegate/process/selftest/fileRights.ts';

const CONTROL = GATEWAY_CONTROLS.keyFiles;
const SPOOL_CONTROL = GATEWAY_CONTROLS.spool;
const SPOOL_KEY = 'spool.key';

/** `owner` is the user that the gateway runs as. */
export function proveKeyFiles({ server, spool, dataDirectory }: GatewayConfig, owner: number): readonly Check[] {
  const inCertificates = (name: string) => join(server.certificates, name);
  const { rights, defects } = fileRights(
    [
      { path: inCertificates(IDENTITY_FILES.key), need: 'private' },
      { path: inCertificates(IDENTITY_FILES.cert), need: 'unchanged' },
      { path: inCertificates(IDENTITY_FILES.ca), need: 'unchanged' },
      { path: inCertificates(IDENTITY_FILES.crl), need: 'unchanged', optional: true },
      {
        path: spool.keyFile ?? join(dataDirectory, SPOOL_KEY),
        need: 'private',
        ...(!spool.encrypt && { optional: true }),
      },
      { path: dataDirectory, need: 'unchanged' },
    ],
    owner,
  );
  const did = `looked at modes and owners; the gateway is of user ${owner}`;
  const keys = defects.length > 0 ? failed(CONTROL, did, defects.join('; ')) : proved(CONTROL, did, rights.join('; '));
  const seen = spool.encrypt ? 'it is encrypted with AES-256-GCM' : 'it is not encrypted (spool: { encrypt: true })';
  return [keys, { ...SPOOL_CONTROL, did: 'looked at the configuration', seen, verdict: 'noted' }];
}
