/** The certificates of the boundary, and how long each still holds; those that end first come first. */

import type { CertificateEnd } from '@tidegate/platform/northbound/contract/serverStatus.ts';
import { certificateState } from './certificateStates.ts';
import { VerdictMark } from './VerdictMark.tsx';

export function CertificateList({ certificates }: { readonly certificates: readonly CertificateEnd[] }) {
  return (
    <ul className="digests" aria-label="Certificates">
      {certificates.map((certificate) => {
        const { holder, role, validUntil } = certificate;
        const { state, sentence } = certificateState(certificate);
        return (
          <li key={`${role} ${holder}`} title={`until ${new Date(validUntil / 1_000).toISOString()}`}>
            {role} <code>{holder}</code> <VerdictMark state={state}>{sentence}</VerdictMark>
          </li>
        );
      })}
    </ul>
  );
}
