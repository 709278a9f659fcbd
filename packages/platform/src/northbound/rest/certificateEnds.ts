/** How long the certificates of the boundary still hold. */

import { X509Certificate } from 'node:crypto';
import { type Timestamp, timestampFromMs, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { parseLedgerTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import type { HistorianReader } from '../../historian/query/historianReader.ts';
import type { CertificateEnd } from '../contract/serverStatus.ts';
import type { BoundaryCertificate } from '../encoding/northboundHistorian.ts';

const US_PER_DAY = 86_400 * US_PER_S;

/** `known`, and those that gateways sign their ledger with, whichever way they come; those that end first come first. */
export function certificateEnds(
  known: readonly BoundaryCertificate[],
  historian: Pick<HistorianReader, 'tags' | 'latest'>,
  now: Timestamp,
): CertificateEnd[] {
  const ofGateways = historian.tags().flatMap(({ gateway, path, index }): BoundaryCertificate[] => {
    if (parseLedgerTagPath(gateway, path) !== 'certificate') return [];
    const validUntil = endOf(historian.latest(index)?.value);
    return validUntil === undefined ? [] : [{ holder: gateway, role: 'gateway', validUntil }];
  });
  return [...known, ...ofGateways]
    .map(({ holder, role, validUntil }) => {
      return { holder, role, validUntil, daysLeft: Math.floor((validUntil - now) / US_PER_DAY) };
    })
    .sort((a, b) => a.validUntil - b.validUntil);
}

/** What a gateway says may be anything. */
function endOf(pem: unknown): Timestamp | undefined {
  try {
    return timestampFromMs(new X509Certificate(String(pem)).validToDate.getTime());
  } catch {
    return undefined;
  }
}
