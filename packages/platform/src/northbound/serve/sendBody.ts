/** Sends a body that comes in pieces, compressed where the client takes that and it is worth it. */

import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferred } from './mediaTypes.ts';

/** A smaller body fits into the first packet anyway. */
const LEAST_COMPRESSED_BYTES = 1_024;
/** Pieces of this size keep both the event loop and the compressor busy. */
const BATCH_BYTES = 64 * 1024;
const CODINGS = ['zstd', 'gzip', 'identity'] as const;

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** Resolves when the answer has begun; whatever it is made from must not change until it is sent. */
export async function sendBody(request: FastifyRequest, reply: FastifyReply, type: string, pieces: Pieces) {
  reply.type(type).header('vary', 'accept, accept-encoding');
  const batches = batched(pieces);
  const first = await batches.next();
  const start = first.done ? Buffer.alloc(0) : first.value;
  const coding = start.length < LEAST_COMPRESSED_BYTES ? 'identity' : codingFor(request);
  if (start.length < BATCH_BYTES && coding === 'identity') return reply.send(start);
  const source = Readable.from(rejoined(start, batches), { objectMode: false, highWaterMark: BATCH_BYTES });
  if (coding === 'identity') return reply.send(source);
  // A client that goes away ends both; nobody is left who would want to know.
  return reply.header('content-encoding', coding).send(pipeline(source, compressor(coding), () => {}));
}

function codingFor({ headers }: FastifyRequest): (typeof CODINGS)[number] {
  const field = headers['accept-encoding'];
  if (field === undefined) return 'identity';
  return preferred(typeof field === 'string' ? field : field[0], CODINGS) ?? 'identity';
}

/** The levels at which compression keeps up with a local network. */
function compressor(coding: 'zstd' | 'gzip'): Transform {
  return coding === 'gzip'
    ? createGzip({ level: 1 })
    : createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

async function* batched(pieces: Pieces): AsyncGenerator<Buffer> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const buffer =
      typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    batch.push(buffer);
    bytes += buffer.length;
    if (bytes < BATCH_BYTES) continue;
    yield Buffer.concat(batch);
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(batch);
}

async function* rejoined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}
