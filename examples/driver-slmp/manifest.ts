/** What the SLMP driver is, and the one service that it may ask of a controller. */

import type { DriverManifest } from '@tidegate/edge/acquisition/driver.ts';

/** The port is not registered; 5007 is that of the built-in Ethernet port of Q and L controllers where nothing was set. */
export const manifest: DriverManifest = {
  protocol: 'slmp',
  title: 'SLMP (MELSEC, 3E frames in binary)',
  media: ['tcp'],
  defaultPort: 5007,
  outbound: [{ service: 'read', effect: 'read' }],
  reports: 'every scan',
};
