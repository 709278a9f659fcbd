/** The connection to the server, mostly opened here: TLS 1.3, with a certificate at either end. */

import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** The name that the server's certificate must bear, where it is not `host`. */
  readonly serverName?: string;
  /**
   * Gives a connection that the server has opened, where it does so and nothing is opened here; `undefined` once `signal`
   * has aborted.
   */
  readonly take?: (signal: AbortSignal) => Promise<Socket | undefined>;
}

/** Who a gateway is, each as PEM text. */
export interface ForwarderIdentity {
  readonly key: string;
  readonly cert: string;
  /** The only authorities that the server's certificate may come from; those of the machine do not count. */
  readonly ca: string;
  /** True of a certificate that its authority has taken back; where absent, none is. */
  readonly isRevoked?: (certificate: X509Certificate) => boolean;
}

/** Errors of OpenSSL's verification and of the check of the name: the server is not the one we were told of. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ISSUER|INVALID_PURPOSE|ERR_TLS_/;

/**
 * A connection whose far end has proved to be the server. Faults: `boundary.unreachable`, `boundary.unanswered`,
 * `boundary.identity` and `boundary.revoked` (the server's certificate), `boundary.credentials` (our own).
 */
export async function dial(
  { host, port, serverName, take }: ServerAddress,
  { key, cert, ca, isRevoked }: ForwarderIdentity,
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result<TLSSocket>> {
  const name = serverName ?? host;
  const opened = await take?.(signal);
  if (take && !opened) return failure('boundary.unreachable', 'stopped while waiting for the server');
  let socket: TLSSocket;
  try {
    const way = opened ? { socket: opened, host: name } : { host, port };
    const servername = isIP(name) ? {} : { servername: name };
    socket = connect({ ...way, key, cert, ca, ...servername, minVersion: 'TLSv1.3', rejectUnauthorized: true });
  } catch (error) {
    opened?.destroy();
    return failure('boundary.credentials', messageOf(error));
  }
  // An error may come at any time, also while nobody attends to the socket; its close then tells the rest.
  socket.on('error', () => {});
  return new Promise((resolve) => {
    const finish = (result: Result<TLSSocket>) => {
      cancel();
      signal.removeEventListener('abort', abort);
      socket.off('secureConnect', connected).off('error', failed);
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const connected = () => {
      const revoked = isRevoked && peerIsRevoked(socket, isRevoked);
      finish(revoked ? failure('boundary.revoked', `${host}:${port}: the certificate of the server`) : success(socket));
    };
    const failed = (error: Error) => finish(connectionFault(error, `${host}:${port}`));
    const abort = () => finish(failure('boundary.unreachable', 'stopped while connecting'));
    const cancel = clock.after(timeoutMs, () => {
      // The packets that open a connection are small, those of the handshake are not.
      const found = socket.connecting
        ? `did not answer within ${timeoutMs} ms`
        : `accepts connections, and no handshake within ${timeoutMs} ms: does the path lose large packets (MTU)?`;
      finish(failure('boundary.unanswered', `${host}:${port} ${found}`));
    });
    socket.once('secureConnect', connected).once('error', failed);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** True as well where the far end shows no certificate any more: a connection that has ended. */
export function peerIsRevoked(socket: TLSSocket, isRevoked: (certificate: X509Certificate) => boolean): boolean {
  const certificate = socket.getPeerX509Certificate();
  return certificate === undefined || isRevoked(certificate);
}

/** When the certificate of the far end ends; long ago where it shows none any more. */
export function peerValidUntil(socket: TLSSocket): Timestamp {
  return timestampFromMs(socket.getPeerX509Certificate()?.validToDate.getTime() ?? 0);
}

/** What an error of the connection to `address` means: one end does not trust the other, or there is no connection. */
export function connectionFault(error: NodeJS.ErrnoException, address: string): ReturnType<typeof failure> {
  const untrusted = UNTRUSTED.test(error.code ?? '');
  return failure(untrusted ? 'boundary.identity' : 'boundary.unreachable', `${address}: ${messageOf(error)}`);
}

/** An attempt at several addresses fails with an error that holds one for each and says nothing itself. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
