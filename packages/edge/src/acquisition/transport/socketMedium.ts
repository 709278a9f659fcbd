/** A TCP or TLS connection as an open medium, whoever has called whom. */

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectionDefect } from './connectionDefect.ts';
import type { OpenMedium } from './openMedium.ts';

/** The first probe of an idle connection; the operating system sends it, so a pulled cable is noticed between scans. */
const KEEP_ALIVE_AFTER_MS = 10_000;

/** The socket is destroyed and not ended: nothing that is still unsent, or arrives late, may have any effect. */
export function socketMedium(socket: Socket): OpenMedium<Duplex> {
  socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  socket.on('error', (error) => resolve(`the device ${connectionDefect(error, 'broke the connection off')}`));
  socket.on('end', () => resolve('the device closed the connection'));
  socket.on('close', () => resolve('the connection closed'));
  return { stream: socket, ended, release: () => socket.destroy() };
}
