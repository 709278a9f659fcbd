/** Opens the live stream for one client. */

import type { ServerResponse } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { TagIndex } from '../../historian/query/historianReader.ts';
import { RETRY_LINE } from '../live/eventText.ts';
import type { LiveHub } from '../live/liveHub.ts';

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // A proxy must neither keep nor change the stream, and nginx must not collect it.
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Takes the connection away from the web server: from here on it belongs to the hub. */
export function openLiveStream(hub: LiveHub, reply: FastifyReply, tags: readonly TagIndex[] | undefined): void {
  reply.hijack();
  const response: ServerResponse = reply.raw;
  response.writeHead(200, { ...headersOf(reply), ...EVENT_STREAM_HEADERS });
  response.write(RETRY_LINE);
  const subscription = hub.join(response, tags);
  response.on('drain', () => subscription.drained());
  response.on('close', () => subscription.leave());
  // A connection that breaks is closed as well; without a listener the error would end the process.
  response.on('error', () => subscription.leave());
}

function headersOf(reply: FastifyReply): Record<string, string> {
  const entries = Object.entries(reply.getHeaders()).filter((entry) => typeof entry[1] === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}
