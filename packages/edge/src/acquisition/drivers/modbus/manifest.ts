/** What the Modbus TCP driver is and which services it may ask of a device: reads, and nothing else. */

import type { DriverManifest } from '../../driver.ts';

/** Modbus Application Protocol V1.1b3, 6.1 to 6.4; port 502 is registered for Modbus TCP. */
export const manifest: DriverManifest = {
  protocol: 'modbus-tcp',
  title: 'Modbus TCP',
  media: ['tcp'],
  defaultPort: 502,
  outbound: [
    { service: 'read coils', effect: 'read' },
    { service: 'read discrete inputs', effect: 'read' },
    { service: 'read holding registers', effect: 'read' },
    { service: 'read input registers', effect: 'read' },
  ],
  reports: 'every scan',
};
