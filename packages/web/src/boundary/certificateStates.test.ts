import type { CertificateEnd } from '@tidegate/platform/northbound/contract/serverStatus.ts';
import { expect, test } from 'vitest';
import { certificateState } from './certificateStates.ts';

test.each([
  [400, 'well', '400 days left'],
  [30, 'well', '30 days left'],
  [29, 'attention', '29 days left'],
  [1, 'attention', '1 day left'],
  [0, 'attention', '0 days left'],
  [-1, 'attention', 'has ended'],
])('SR 1.8: with %s days left a certificate is %s: %s', (daysLeft, state, sentence) => {
  expect(certificateState({ daysLeft } as CertificateEnd)).toEqual({ state, sentence });
});
