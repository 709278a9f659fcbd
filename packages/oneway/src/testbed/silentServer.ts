/**
 * A process that stands in for a server, with its certificate, and never acknowledges a block.
 *
 * Arguments: address, port, the directory of the certificate, and whether it says nothing after WELCOME (`mute`) or answers
 * everything with the position that it began with (`stubborn`).
 */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createServer } from 'node:tls';
import { encodeAnswer } from '../frame/answer.ts';

const [host, port, directory, manner] = process.argv.slice(2);
const pem = (name: string) => readFileSync(path.join(directory, `${name}.pem`));

createServer({ key: pem('key'), cert: pem('cert'), ca: pem('ca'), requestCert: true }, (socket) => {
  socket.on('error', () => undefined);
  socket.once('data', () => {
    socket.write(encodeAnswer({ kind: 'welcome', position: undefined }));
    socket.on('data', () => {
      if (manner === 'stubborn') socket.write(encodeAnswer({ kind: 'ack', position: undefined }));
    });
  });
}).listen(Number(port), host, () => process.send?.({ kind: 'ready' }));
