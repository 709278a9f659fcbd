/**
 * The socket in the data directory by which commands on this machine reach the process that has the archive open. Only the
 * user that the server runs as can enter the directory that it stands in, so that nothing more needs to be proved.
 */

import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CONTROL_DIRECTORY, CONTROL_SOCKET } from '@tidegate/platform/historian/archive/archiveFiles.ts';
import { type ServedArchive, serveControl } from './serveControl.ts';

/** The address of a socket on disk has at most so many bytes (Linux: 107, unix(7); macOS: 103). */
const MAX_SOCKET_BYTES = 103;
const OWNER_ONLY = 0o700;

export class ControlServer {
  readonly #server: Server;
  /** The connections, and what is being done for each. */
  readonly #served: ReadonlyMap<Socket, Promise<void>>;
  readonly #path: string;

  private constructor(server: Server, served: ReadonlyMap<Socket, Promise<void>>, path: string) {
    this.#server = server;
    this.#served = served;
    this.#path = path;
  }

  /**
   * Throws what the system says: without the socket a server is whole, and commands have to wait until it has stopped.
   * `onBug` is told of what ended the service of a connection and should not have.
   */
  static async start(archive: ServedArchive, onBug: (error: Error) => void): Promise<ControlServer> {
    await makeControlDirectory(archive.directory);
    const path = controlSocket(archive.directory);
    if (Buffer.byteLength(path) > MAX_SOCKET_BYTES) {
      throw new Error(`the address of the socket ${path} is longer than ${MAX_SOCKET_BYTES} bytes`);
    }
    const served = new Map<Socket, Promise<void>>();
    const server = createServer((socket) => {
      const serving = serveControl(archive, socket).catch(onBug);
      served.set(
        socket,
        serving.finally(() => {
          socket.destroy();
          served.delete(socket);
        }),
      );
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
    return new ControlServer(server, served, path);
  }

  /** Ends what is being answered. Needs to come before the historian is closed. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    const serving = [...this.#served.values()];
    for (const socket of this.#served.keys()) socket.destroy();
    await Promise.all(serving);
    await closed;
    await rm(this.#path, { force: true });
  }
}

export function controlSocket(directory: string): string {
  return join(directory, CONTROL_DIRECTORY, CONTROL_SOCKET);
}

/** Whoever has the archive open removes what a process before it left there. */
export async function makeControlDirectory(directory: string): Promise<void> {
  const path = join(directory, CONTROL_DIRECTORY);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { mode: OWNER_ONLY });
  await chmod(path, OWNER_ONLY);
}
