/** Asks for a port before the process that needs it does, so that the answer can name the option that changes it. */

import { createServer } from 'node:net';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** A port of the loopback address, what it is for, and the option of the command that chooses it. */
export interface WantedPort {
  readonly port: number;
  readonly purpose: string;
  readonly option: string;
}

const HOST = '127.0.0.1';

/** Success where all of them are free; otherwise `launch.port` with every one that is not. */
export async function probePorts(wanted: readonly WantedPort[]): Promise<Result<void>> {
  const codes = await Promise.all(wanted.map(({ port }) => listenOnce(port)));
  const refused = wanted.flatMap(({ port, purpose, option }, index) => {
    const code = codes[index];
    if (code === undefined) return [];
    const reason = code === 'EADDRINUSE' ? 'is taken' : code === 'EACCES' ? 'is not allowed' : `gives ${code}`;
    return [`port ${port} of ${purpose} ${reason} (${option} chooses another)`];
  });
  if (refused.length === 0) return success(undefined);
  const text = refused.join('; ');
  return failure('launch.port', `${text[0].toUpperCase()}${text.slice(1)}.`);
}

/** `undefined` where listening works, otherwise the code of the error. */
function listenOnce(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: HOST, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
