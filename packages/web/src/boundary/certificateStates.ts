/** How certificates of the boundary are: those that end soon are worth a look before they stop data. */

import type { CertificateEnd } from '@tidegate/platform/northbound/contract/serverStatus.ts';
import type { Verdict } from './verdicts.ts';

/** As the events `certificate.expiring` begin. */
const SOON_DAYS = 30;

export interface CertificateState extends Pick<Verdict, 'state'> {
  readonly sentence: string;
}

export function certificateState({ daysLeft }: CertificateEnd): CertificateState {
  if (daysLeft < 0) return { state: 'attention', sentence: 'has ended' };
  const days = daysLeft === 1 ? '1 day left' : `${daysLeft} days left`;
  return { state: daysLeft < SOON_DAYS ? 'attention' : 'well', sentence: days };
}
