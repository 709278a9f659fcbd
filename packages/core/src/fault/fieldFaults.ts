/** What can be wrong in the OT zone: configuration, frames, lines, devices, points, spools. */

import type { FaultEntry } from './faultEntry.ts';

export const FIELD_FAULTS = {
  'config.unreadable': {
    meaning: 'A configuration file is missing, may not be read, or is not UTF-8 text.',
    httpStatus: 400,
    remedy: 'Check the name and the rights of the file, and save it as UTF-8.',
  },
  'config.syntax': {
    meaning: 'A configuration file is not well-formed YAML or CSV.',
    httpStatus: 400,
    remedy:
      'Correct the line and column named beside this fault: mostly an indentation, a quote or a key that stands twice.',
  },
  'config.unknown-key': {
    meaning: 'A configuration has a key or a column that this program does not know.',
    httpStatus: 400,
    remedy: 'Correct its spelling as the hint says, or remove it.',
  },
  'config.missing': {
    meaning: 'A configuration lacks a key or a column that must be there.',
    httpStatus: 400,
    remedy: 'Add it as the hint says.',
  },
  'config.invalid': {
    meaning: 'A value in a configuration is of the wrong kind, out of range, or contradicts another.',
    httpStatus: 400,
    remedy: 'Correct the value at the line and column named beside this fault, as the hint says.',
  },
  'frame.truncated': {
    meaning: 'A frame of a field protocol ends before its stated length.',
    httpStatus: 502,
    remedy: 'The device or the line cut the frame. If it repeats, record the line and check the device.',
  },
  'frame.malformed': {
    meaning: 'A frame of a field protocol contradicts the specification.',
    httpStatus: 502,
    remedy: 'Check that the device speaks the configured protocol at the configured port.',
  },
  'frame.forbidden': {
    meaning: 'The outbound guard refused a frame: it is not one of the reads that the driver declares.',
    httpStatus: 500,
    remedy: 'Nothing was sent and the connection was closed. Report it: a driver tried what it must not try.',
  },
  'link.connect': {
    meaning: 'A device does not take a connection, or the port that leads to it cannot be opened.',
    httpStatus: 502,
    remedy: 'Check the address, the port, the cable and the firewall between gateway and device.',
  },
  'link.identity': {
    meaning: 'A device and the gateway do not trust each other: the certificate of one of them was refused.',
    httpStatus: 502,
    remedy:
      'Renew the certificate that is named, or configure the authority and the name that belong to the device. If nobody changed either, treat it as an attack.',
  },
  'link.credentials': {
    meaning: 'A key, certificate or authority with which the gateway speaks to a device cannot be used.',
    httpStatus: 500,
    remedy: 'Check that the files named in the configuration of the line are there, readable, and belong together.',
  },
  'link.timeout': {
    meaning: 'A device did not answer in time.',
    httpStatus: 504,
    remedy: 'Check that the device runs and that the unit number is right; a slow device needs a longer timeout.',
  },
  'link.closed': {
    meaning: 'A device or the network closed the connection.',
    httpStatus: 502,
    remedy: 'The gateway connects again by itself. If it repeats, look for a limit of connections in the device.',
  },
  'device.answer': {
    meaning: 'The answer of a device does not fit the question.',
    httpStatus: 502,
    remedy:
      'The connection was closed, so that no value can be mistaken for another. Check the device or its converter.',
  },
  'device.object': {
    meaning: 'An answer of a device holds an object that this program cannot decode; what stands behind it is lost.',
    httpStatus: 502,
    remedy: 'Read the points of the device by group and variation instead of by class, and report the object named.',
  },
  'device.protocol': {
    meaning: 'A device is configured with a protocol for which there is no driver.',
    httpStatus: 400,
    remedy: 'Use one of the protocols listed in docs/drivers.md.',
  },
  'point.address': {
    meaning: 'The address of a point cannot be read by the driver of its device.',
    httpStatus: 400,
    remedy: "Write the address as the driver's page shows, such as holding:100 for Modbus.",
  },
  'point.data-type': {
    meaning: 'The data type of a point is unknown or does not fit its address.',
    httpStatus: 400,
    remedy: "Choose one of the data types that the driver's page lists for this kind of address.",
  },
  'point.word-order': {
    meaning: 'The word order of a point is unknown or does not fit its data type.',
    httpStatus: 400,
    remedy: 'Choose one of ABCD, CDAB, BADC and DCBA.',
  },
  'gateway.data-directory': {
    meaning: 'The gateway cannot use its data directory.',
    httpStatus: 500,
    remedy:
      'Give the user that runs the gateway the right to write it, make room on its disk, or name another dataDirectory.',
  },
  'gateway.running': {
    meaning: 'Another gateway process holds the data directory.',
    httpStatus: 409,
    remedy: 'Stop the other one, or give this gateway a dataDirectory of its own.',
  },
  'gateway.tag-registry': {
    meaning:
      'The list that gives each tag its number is damaged, lost, or of another gateway; without it the samples in the spool have no names.',
    httpStatus: 500,
    remedy:
      'Restore tags.json of the data directory from a backup. Without one, start with a new dataDirectory under a new gateway name: the undelivered samples of the old one stay in its spool.',
  },
  'gateway.certificates': {
    meaning: 'A certificate or key that the gateway needs to reach the server is missing or unreadable.',
    httpStatus: 500,
    remedy: 'Put key.pem, cert.pem and ca.pem of this gateway into the directory that server.certificates names.',
  },
  'spool.full': {
    meaning: 'The spool may not take new samples of a lane: what it holds is kept for, or by, the audit lane.',
    httpStatus: 503,
    remedy:
      'Make room on the disk of the gateway, enlarge spool.size, or bring the server back so that the spool empties.',
  },
  'spool.key': {
    meaning: 'The key that encrypts the spool cannot be read, is no key, or may be read by others.',
    httpStatus: 500,
    remedy:
      'Put the key file of 32 bytes in its place, mode 600, owned by the user that runs the gateway. A new one: `head -c 32 /dev/urandom`.',
  },
  'spool.instance': {
    meaning: 'The file that tells the data directory of a gateway from that of another cannot be read or made.',
    httpStatus: 503,
    remedy:
      'Look at the disk and the rights of the file `instance` in the data directory. If it is damaged, restore it from a copy, or delete it when the spool is empty.',
  },
  'spool.foreign': {
    meaning: 'The directory of a spool holds blocks of another gateway or of another lane.',
    httpStatus: 503,
    remedy: 'Let the gateway named deliver them first, or give this one a directory of its own.',
  },
} as const satisfies Record<string, FaultEntry>;
