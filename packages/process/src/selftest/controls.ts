/** Every control that a self-test looks at, with its clauses of IEC 62443-3-3; which check proves it stands in docs/selftest.md. */

import type { Control } from './check.ts';

/** Proved on the machine of the gateway. */
export const GATEWAY_CONTROLS = {
  writes: {
    id: 'write-refused',
    control: 'no frame that could change a device leaves the gateway',
    clauses: ['SR 2.1', 'SR 3.5'],
  },
  oneWay: {
    id: 'one-way',
    control: 'the gateway listens on no network, and speaks with its devices and its server only',
    clauses: ['SR 5.1', 'SR 5.2'],
  },
  undeclared: {
    id: 'undeclared-tag-refused',
    control: 'a tag that the policy does not declare does not cross',
    clauses: ['SR 5.2 RE 1'],
  },
  keyFiles: {
    id: 'gateway-key-files',
    control: 'the keys of the gateway are for its user alone, and nobody else can change whom it trusts',
    clauses: ['SR 1.9', 'SR 4.1'],
  },
  spool: {
    id: 'spool-encryption',
    control: 'what waits on disk can be read with a key only, where that is wanted',
    clauses: ['SR 4.1'],
  },
} as const satisfies Record<string, Control>;

/** Proved by connections to the server, from either side. */
export const DOOR_CONTROLS = {
  known: { id: 'known-let-in', control: 'the server lets a gateway in that it knows', clauses: ['SR 1.2'] },
  foreign: {
    id: 'foreign-authority-refused',
    control: 'a certificate of another authority is refused',
    clauses: ['SR 1.2', 'SR 1.8'],
  },
  expired: { id: 'expired-refused', control: 'a certificate that has ended is refused', clauses: ['SR 1.5', 'SR 1.8'] },
  none: { id: 'no-certificate-refused', control: 'who shows no certificate is refused', clauses: ['SR 1.2'] },
  tls12: { id: 'tls-1.2-refused', control: 'nothing older than TLS 1.3 is spoken', clauses: ['SR 4.3'] },
  plain: { id: 'plain-text-refused', control: 'what is not encrypted is refused', clauses: ['SR 3.1 RE 1', 'SR 4.1'] },
} as const satisfies Record<string, Control>;

/** Proved on the machine of the server. */
export const SERVER_CONTROLS = {
  keyFiles: {
    id: 'server-key-files',
    control: 'the key of the server is for its user alone, and nobody else can change whom it trusts',
    clauses: ['SR 1.9', 'SR 4.1'],
  },
  loopback: {
    id: 'console-loopback',
    control: 'but for the boundary, the server can be reached from its own machine only',
    clauses: ['SR 1.13', 'SR 5.2'],
  },
  policy: {
    id: 'same-policy',
    control: 'gateway and server go by the same policy',
    clauses: ['SR 5.2 RE 1', 'SR 7.6'],
  },
  ledger: {
    id: 'ledger-balances',
    control: 'every sample that was read is accounted for',
    clauses: ['SR 3.9', 'SR 6.1'],
  },
  checkpoints: {
    id: 'checkpoints-hold',
    control: 'what the server holds is what its gateways have signed',
    clauses: ['SR 3.4', 'SR 3.9'],
  },
  clocks: { id: 'clocks-agree', control: 'the clocks of gateway and server are within 2 s', clauses: ['SR 2.11'] },
} as const satisfies Record<string, Control>;
