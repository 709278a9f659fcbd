/** Knocks at the port for gateways as somebody would who has no business there, and sees whether the door stays shut. */

import { connect as connectPlain, type Socket } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';

export interface Knock {
  /** `refused`: the other side ended it without a word; `let in`: it waited for more; `unreachable`: there is no port. */
  readonly outcome: 'refused' | 'let in' | 'unreachable';
  /** How it ended, as the system says it. */
  readonly how: string;
  /** Bytes of an answer, but for alerts of TLS. */
  readonly answeredBytes: number;
}

/** A server that has not refused by then waits for what comes. */
const PATIENCE_MS = 2_500;
const UNREACHABLE = /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ETIMEDOUT/;
/** The first byte of an alert in a TLS record (RFC 8446, 5.1). */
const ALERT = 0x15;

/** A handshake with these options; nothing is sent after it. Whom the other side shows itself to be does not matter. */
export function knockWithTls(options: ConnectionOptions): Promise<Knock> {
  const socket = connect({ ...options, rejectUnauthorized: false });
  return outcomeOf(socket, (bytes) => bytes.length);
}

/** `text` as it is, without TLS. */
export function knockInPlainText(host: string, port: number, text: string): Promise<Knock> {
  const socket = connectPlain({ host, port }, () => socket.write(text));
  return outcomeOf(socket, (bytes) => (bytes[0] === ALERT ? 0 : bytes.length));
}

function outcomeOf(socket: Socket, answeredBy: (bytes: Uint8Array) => number): Promise<Knock> {
  return new Promise((resolve) => {
    let answeredBytes = 0;
    let problem: string | undefined;
    const finish = (outcome: Knock['outcome'], how: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ outcome, how, answeredBytes });
    };
    const timer = setTimeout(() => finish('let in', `still open after ${PATIENCE_MS} ms`), PATIENCE_MS);
    socket.on('data', (bytes: Buffer) => {
      answeredBytes += answeredBy(bytes);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code ?? error.message;
    });
    socket.on('close', () => {
      const how = problem ?? 'closed';
      finish(UNREACHABLE.test(how) ? 'unreachable' : 'refused', how);
    });
  });
}
