/** What the PROFIBUS DP driver is: it listens, and there is nothing that it may send. */

import type { DriverManifest } from '../../driver.ts';

/** Serial servers have no port of their own; 4001 is where the first line of a common make is found. */
export const manifest: DriverManifest = {
  protocol: 'profibus-dp',
  title: 'PROFIBUS DP (listening)',
  media: ['serial', 'tcp', 'recording'],
  defaultPort: 4001,
  // Characters have even parity (IEC 61158-2 and 61158-4-3).
  serialFormat: '8E1',
  outbound: [],
  reports: 'every scan',
};
