/**
 * The socket in the data directory at which people on this machine see what the gateway reads, and answer its alarms.
 *
 * Invariants:
 * - It is a file, in a directory that only the user of the gateway can enter: nothing of it is on a network.
 * - Nothing that is sent to it changes anything but how the alarms of this gateway stand. It reaches no device, and no setting.
 * - One request for each connection, a few connections, a short head and a bounded answer: whoever sends much, sends
 *   nothing, or does not read, is cut off, and takes no more than that from the reading of devices.
 */

import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { ALARMS_ADDRESS, MAX_ALARM_REQUEST_BYTES } from '@tidegate/core/port/liveAlarms.ts';
import { LIVE_DIRECTORY, LIVE_SOCKET, type LiveView } from '@tidegate/core/port/liveView.ts';
import type { AlarmDesk } from '../alarms/alarmDesk.ts';
import { readAlarmRequest } from '../alarms/alarmRequest.ts';
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

export interface LiveShown {
  readonly view: (request: LiveRequest) => LiveView;
  readonly alarms: Pick<AlarmDesk, 'list' | 'operate'>;
}

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
  static async open(dataDirectory: string, shown: LiveShown): Promise<Result<LiveSocket>> {
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
      (request, response) => void answer(request, response, shown),
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

async function answer(request: IncomingMessage, response: ServerResponse, shown: LiveShown): Promise<void> {
  const answered = await answerTo(request, shown);
  const status = answered.ok ? 200 : FAULTS[answered.fault.code].httpStatus;
  const body = answered.ok ? answered.value : { fault: answered.fault };
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', connection: 'close' });
  response.end(`${JSON.stringify(body)}\n`);
}

async function answerTo(request: IncomingMessage, { view, alarms }: LiveShown): Promise<Result<object>> {
  const { method, url = '' } = request;
  if (url !== ALARMS_ADDRESS) {
    const asked = readLiveRequest(method, url);
    return asked.ok ? success(view(asked.value)) : asked;
  }
  if (method === 'GET') return success(alarms.list());
  if (method !== 'POST') return failure('request.method', 'Alarms can be read with GET, and answered with POST.');
  const body = await readBody(request);
  if (!body.ok) return body;
  const asked = readAlarmRequest(body.value);
  if (!asked.ok) return asked;
  try {
    return success(await alarms.operate(asked.value));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('alarm.unkept', `It was done, and may be forgotten when the gateway is restarted: ${message}.`);
  }
}

async function readBody(request: IncomingMessage): Promise<Result<string>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > MAX_ALARM_REQUEST_BYTES)
        return failure('request.too-large', 'The request names too many alarms at once.');
      parts.push(part);
    }
  } catch {
    return failure('request.malformed', 'The request ended before its end.');
  }
  return success(Buffer.concat(parts).toString('utf8'));
}
