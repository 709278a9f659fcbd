/** What can be wrong with blocks and on the boundary. */

import type { FaultEntry } from './faultEntry.ts';

export const BOUNDARY_FAULTS = {
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
  'boundary.revoked': {
    meaning: 'The certificate of the other end of the boundary has been revoked.',
    httpStatus: 403,
    remedy:
      'Make a new key there and have it signed. Blocks wait in the spool. If nobody meant to revoke it, ask who holds the authority.',
  },
  'boundary.tags': {
    meaning: 'The tag list of a gateway cannot be read or contradicts itself.',
    httpStatus: 400,
    remedy: 'Run `tidegate config check` on the configuration of the gateway, and compare the versions of both ends.',
  },
  'boundary.tags-limit': {
    meaning: 'A gateway defines more tags, or defines them anew more often, than the server takes.',
    httpStatus: 429,
    remedy:
      'Look at what names its tags: a configuration that makes new ids at each start, or an intruder. Blocks wait in the spool; the rate recovers within a day.',
  },
  'boundary.not-stored': {
    meaning: 'The server could not make a block or a tag list durable; the gateway keeps it and offers it again.',
    httpStatus: 503,
    remedy: 'Look at the disk of the server: full, read-only or failing. Nothing is lost while the spool has room.',
  },
  'boundary.key': {
    meaning: 'The pre-shared key of a diode cannot be used.',
    httpStatus: 500,
    remedy: 'Make one with `openssl rand -hex 32` and copy it to both ends: 32 bytes, or 64 hexadecimal digits.',
  },
  'boundary.replay-state': {
    meaning: 'The file in which the receiver of a diode notes the sessions it has accepted cannot be read or written.',
    httpStatus: 500,
    remedy: 'Look at the disk and the rights of the file. Deleting it lets recorded datagrams be played once more.',
  },
  'boundary.unreachable': {
    meaning: 'There is no connection across the boundary.',
    httpStatus: 503,
    remedy:
      'Check that the server runs and that the firewall lets the gateway open this port. Blocks wait in the spool.',
  },
  'boundary.unanswered': {
    meaning: 'The other end of the boundary stayed silent although an answer was due; the connection was given up.',
    httpStatus: 504,
    remedy: 'Look at the network between gateway and server, and at firewalls that forget idle connections.',
  },
  'boundary.ahead': {
    meaning: 'The server holds a block newer than every block of the spool, as after a spool was restored from a copy.',
    httpStatus: 409,
    remedy:
      'Keep a copy of the spool directory, empty it, and restart the gateway with a correct clock: a new epoch begins.',
  },
  'boundary.replaced': {
    meaning: 'A newer connection of the same gateway and lane took the place of this one.',
    httpStatus: 409,
    remedy:
      'After a cut line this is normal. If it repeats, two gateways run with one name and copies of one data directory.',
  },
  'boundary.twin': {
    meaning:
      'Blocks come under the name of a gateway from another data directory: two gateways run with one name and certificate, or one was replaced by another that has older blocks.',
    httpStatus: 409,
    remedy:
      'Give one of them another name and certificate. If it takes the place of the other for good, stop the other, copy the spool of the new one, and empty it. Nothing is lost meanwhile: blocks wait in the spool.',
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
    remedy:
      'Check that the three PEM files belong together. Development certificates: delete the directory and restart.',
  },
  'server.certificates': {
    meaning: 'What the server proves to gateways who it is with cannot be read.',
    httpStatus: 500,
    remedy:
      'Name the directory that holds key.pem, cert.pem and ca.pem; `tidegate certificates` makes them for trials.',
  },
  'gate.certificates': {
    meaning: 'What a relay proves to gateways and servers who it is with cannot be read, or is made out to another.',
    httpStatus: 500,
    remedy:
      'Name the directory that holds key.pem, cert.pem and ca.pem of the relay; `tidegate certificates` makes them.',
  },
} as const satisfies Record<string, FaultEntry>;
