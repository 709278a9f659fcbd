/**
 * The socket in the data directory at which people on this machine see what the gateway reads.
 *
 * Invariants:
 * - It is a file, in a directory that only the user of the gateway can enter: nothing of it is on a network.
 * - It answers GET requests, and nothing that is sent to it changes anything.
 * - One request for each connection, a few connections, a short head and a bounded answer: whoever sends much, sends
 *   nothing, or does not read, is cut off, and takes no more than that from the reading of devices.
 */

import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { LIVE_DIRECTORY, LIVE_SOCKET, type LiveView } from '@tidegate/core/port/liveView.ts';
import { type LiveRequest, readLiveRequest } from './liveRequest.ts';

/** The address of a socket on disk has at most so many bytes (Linux, unix(7)). */
const MAX_ADDRESS_BYTES = 107;
const DIRECTORY_MODE = 0o700;
const SOCKET_MODE = 0o600;
const MAX_CLIENTS = 8;
const MAX_HEAD_BYTES = 4_096;
const REQUEST_TIMEOUT_MS = 5_000;
/** A client that takes nothing of its answer for so long is cut off. */
const IDLE_TIMEOUT_MS = 5_000;
const LOOK_INTERVAL_MS = 1_000;

export class LiveSocket {
  readonly path: string;
  readonly #server: Server;

  private constructor(path: string, server: Server) {
    this.path = path;
    this.#server = server;
  }

  /**
   * Whoever holds the data directory removes what a gateway before it left there. Fault: `live.socket` where there can be
   * no socket; a gateway is whole without one.
   */
  static async open(dataDirectory: string, view: (request: LiveRequest) => LiveView): Promise<Result<LiveSocket>> {
    const directory = join(dataDirectory, LIVE_DIRECTORY);
    const path = join(directory, LIVE_SOCKET);
    const bytes = Buffer.byteLength(path);
    if (bytes > MAX_ADDRESS_BYTES) {
      return failure('live.socket', `${path} has ${bytes} bytes, and a socket can have ${MAX_ADDRESS_BYTES} at most`);
    }
    const server = createServer(
      {
        maxHeaderSize: MAX_HEAD_BYTES,
        headersTimeout: REQUEST_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        connectionsCheckingInterval: LOOK_INTERVAL_MS,
      },
      (request, response) => answer(request, response, view),
    );
    server.maxConnections = MAX_CLIENTS;
    server.maxRequestsPerSocket = 1;
    server.timeout = IDLE_TIMEOUT_MS;
    try {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { mode: DIRECTORY_MODE });
      await chmod(directory, DIRECTORY_MODE);
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
      await chmod(path, SOCKET_MODE);
    } catch (error) {
      server.close();
      return failure('live.socket', `${path} cannot be made: ${(error as Error).message}`);
    }
    return success(new LiveSocket(path, server));
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

function answer(request: IncomingMessage, response: ServerResponse, view: (request: LiveRequest) => LiveView): void {
  const asked = readLiveRequest(request.method, request.url ?? '');
  const status = asked.ok ? 200 : FAULTS[asked.fault.code].httpStatus;
  const body = asked.ok ? view(asked.value) : { fault: asked.fault };
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}
