/** What the Modbus drivers are and which services they may ask of a device: reads, and nothing else. */

import type { DriverManifest, OutboundService } from '../../driver.ts';

/** Modbus Application Protocol V1.1b3, 6.1 to 6.4, 6.14, 6.18, 6.21. */
const READS: readonly OutboundService[] = [
  { service: 'read coils', effect: 'read' },
  { service: 'read discrete inputs', effect: 'read' },
  { service: 'read holding registers', effect: 'read' },
  { service: 'read input registers', effect: 'read' },
  { service: 'read file record', effect: 'read' },
  { service: 'read FIFO queue', effect: 'read' },
  { service: 'read device identification', effect: 'read' },
];

/** Port 502 is registered for Modbus TCP; that of Modbus/TCP Security, 802, has to be written. */
export const tcpManifest: DriverManifest = {
  protocol: 'modbus-tcp',
  title: 'Modbus TCP',
  media: ['tcp'],
  defaultPort: 502,
  outbound: READS,
  reports: 'every scan',
};

/** Serial servers have no port of their own; 4001 is where the first line of a common make is found. */
export const rtuManifest: DriverManifest = {
  protocol: 'modbus-rtu',
  title: 'Modbus RTU',
  media: ['serial', 'tcp'],
  defaultPort: 4001,
  outbound: READS,
  reports: 'every scan',
};

export const asciiManifest: DriverManifest = { ...rtuManifest, protocol: 'modbus-ascii', title: 'Modbus ASCII' };
