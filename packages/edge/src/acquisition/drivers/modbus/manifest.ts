/** What the Modbus TCP driver is and which services it may ask of a device: reads, and nothing else. */

import type { DriverManifest } from '../../driver.ts';

/** Modbus Application Protocol V1.1b3, 6.1 to 6.4; port 502 is registered for Modbus TCP. */
export const manifest: DriverManifest = {
  protocol: 'modbus-tcp',
  title: 'Modbus TCP',
  defaultPort: 502,
  outbound: [
    { code: 1, name: 'Read Coils' },
    { code: 2, name: 'Read Discrete Inputs' },
    { code: 3, name: 'Read Holding Registers' },
    { code: 4, name: 'Read Input Registers' },
  ],
};
