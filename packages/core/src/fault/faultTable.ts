/** The one table of faults: everything that can be wrong from outside, what it means, and what to do about it. */

export interface FaultEntry {
  readonly meaning: string;
  /** Status with which the REST interface reports the fault. */
  readonly httpStatus: number;
  /** What the person who reads it should do. */
  readonly remedy: string;
}

export const FAULTS = {
  'block.truncated': {
    meaning: 'A sample block ends before its stated length.',
    httpStatus: 400,
    remedy: 'The file or the connection was cut; the block is sent again from the spool if it still has it.',
  },
  'block.checksum': {
    meaning: 'The checksum of a sample block does not match its bytes.',
    httpStatus: 400,
    remedy: 'The bytes changed on disk or on the way. Check the disk of the machine named beside this fault.',
  },
  'block.malformed': {
    meaning: 'A sample block has a good checksum but contradicts its own format.',
    httpStatus: 400,
    remedy: 'Sender and receiver disagree about the format. Compare the versions of gateway and server.',
  },
  'block.version': {
    meaning: 'A sample block is of a format version that this program does not know.',
    httpStatus: 400,
    remedy: 'Update the server before the gateways.',
  },
  'boundary.malformed': {
    meaning: 'A frame on the boundary contradicts the format, or came where it may not come.',
    httpStatus: 400,
    remedy: 'The other end is not a Tidegate of the same version, or not a Tidegate at all. Look at the address named.',
  },
  'boundary.version': {
    meaning: 'The other end of the boundary speaks a version of the protocol that this program does not know.',
    httpStatus: 400,
    remedy: 'Update the server before the gateways.',
  },
  'boundary.identity': {
    meaning: 'A gateway, or a block that it sent, bears another name than its certificate.',
    httpStatus: 403,
    remedy: 'Give the gateway the certificate made for its name. If nobody changed either, treat it as an attack.',
  },
  'boundary.tags': {
    meaning: 'The tag list of a gateway cannot be read or contradicts itself.',
    httpStatus: 400,
    remedy: 'Run `tidegate config check` on the configuration of the gateway, and compare the versions of both ends.',
  },
  'boundary.not-stored': {
    meaning: 'The server could not make a block or a tag list durable; the gateway keeps it and offers it again.',
    httpStatus: 503,
    remedy: 'Look at the disk of the server: full, read-only or failing. Nothing is lost while the spool has room.',
  },
  'boundary.unanswered': {
    meaning: 'The other end of the boundary stayed silent although an answer was due; the connection was given up.',
    httpStatus: 504,
    remedy: 'Look at the network between gateway and server, and at firewalls that forget idle connections.',
  },
  'boundary.ahead': {
    meaning: 'The server holds a block newer than every block of the spool, as after a spool was restored from a copy.',
    httpStatus: 409,
    remedy: 'Restart the gateway with a correct clock, so that it begins a new epoch; blocks it held are offered again.',
  },
  'boundary.replaced': {
    meaning: 'A newer connection of the same gateway and lane took the place of this one.',
    httpStatus: 409,
    remedy: 'After a cut line this is normal. If it repeats, two gateways run with the same name and certificate.',
  },
  'boundary.stopping': {
    meaning: 'The server is shutting down; the gateway keeps its blocks and connects again.',
    httpStatus: 503,
    remedy: 'Nothing needs to be done.',
  },
  'boundary.port': {
    meaning: 'The server cannot listen at the address and port for gateways.',
    httpStatus: 500,
    remedy: 'Stop the program that holds the port (perhaps a second copy of the server), or configure another port.',
  },
  'boundary.credentials': {
    meaning: 'A key, certificate or certificate authority for the boundary cannot be used.',
    httpStatus: 500,
    remedy: 'Check that the three PEM files belong together. Development certificates: delete the directory and restart.',
  },
  'certificate.directory': {
    meaning: 'The directory of the certificates cannot be read or written.',
    httpStatus: 500,
    remedy: 'Give this user the right to write there, or name another directory.',
  },
  'config.unreadable': {
    meaning: 'A configuration file is missing, may not be read, or is not UTF-8 text.',
    httpStatus: 400,
    remedy: 'Check the name and the rights of the file, and save it as UTF-8.',
  },
  'config.syntax': {
    meaning: 'A configuration file is not well-formed YAML or CSV.',
    httpStatus: 400,
    remedy: 'Correct the line and column named beside this fault: mostly an indentation, a quote or a key that stands twice.',
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
    meaning: 'A device does not take a connection.',
    httpStatus: 502,
    remedy: 'Check the address, the port, the cable and the firewall between gateway and device.',
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
    remedy: 'The connection was closed, so that no value can be mistaken for another. Check the device or its converter.',
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
} as const satisfies Record<string, FaultEntry>;

export type FaultCode = keyof typeof FAULTS;
