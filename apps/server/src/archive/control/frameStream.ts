/**
 * What two processes of one machine say to each other about an archive: JSON and blocks of samples, framed.
 *
 *     0        4      5
 *     +--------+------+---------+
 *     | length | kind | content |        length of the content, u32 little-endian; kind 0 JSON, 1 block
 *     +--------+------+---------+
 */

import { once } from 'node:events';
import type { Duplex } from 'node:stream';

export type Frame = { readonly json: unknown } | { readonly block: Uint8Array };

const HEAD_BYTES = 5;
const Kind = { json: 0, block: 1 } as const;
/** A longer frame is not one of ours. The definitions of a million tags fit. */
const MAX_FRAME_BYTES = 512 * 1024 * 1024;

export class FrameStream {
  readonly #stream: Duplex;
  readonly #ended: AbortController = new AbortController();

  constructor(stream: Duplex) {
    this.#stream = stream;
    // A peer that goes away ends the frames; nobody needs to hear of it twice.
    stream.on('error', () => {}).once('close', () => this.#ended.abort());
  }

  /** Aborts when the other side has gone. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Resolves when there is room for the next one; a frame to a peer that has gone is dropped. */
  sendJson(value: unknown): Promise<void> {
    return this.#send(Kind.json, Buffer.from(JSON.stringify(value)));
  }

  sendBlock(block: Uint8Array): Promise<void> {
    return this.#send(Kind.block, block);
  }

  /** The frames of the other side, until it ends or says what is no frame. */
  async *frames(): AsyncGenerator<Frame, void, undefined> {
    let pieces: Buffer[] = [];
    let held = 0;
    let wanted = HEAD_BYTES;
    try {
      // Whoever stops to read may still have to say why.
      for await (const piece of this.#stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        pieces.push(piece);
        held += piece.length;
        while (held >= wanted) {
          const bytes = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, held);
          pieces = [bytes];
          const length = bytes.readUInt32LE(0);
          if (length > MAX_FRAME_BYTES) return;
          wanted = HEAD_BYTES + length;
          if (held < wanted) break;
          const frame = decodeFrame(bytes[4], bytes.subarray(HEAD_BYTES, wanted));
          if (!frame) return;
          yield frame;
          pieces = [bytes.subarray(wanted)];
          held -= wanted;
          wanted = HEAD_BYTES;
        }
      }
    } catch (error) {
      // The connection broke: for the one who reads it has ended.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  /** Says that nothing comes any more. */
  end(): void {
    this.#stream.end();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async #send(kind: number, content: Uint8Array): Promise<void> {
    if (this.#stream.destroyed || this.#stream.writableEnded) return;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(content.length, 0);
    head[4] = kind;
    this.#stream.write(head);
    if (this.#stream.write(content)) return;
    await once(this.#stream, 'drain', { signal: this.ended }).catch(() => {});
  }
}

function decodeFrame(kind: number, content: Uint8Array): Frame | undefined {
  if (kind === Kind.block) return { block: content };
  if (kind !== Kind.json) return undefined;
  try {
    return { json: JSON.parse(new TextDecoder().decode(content)) };
  } catch {
    return undefined;
  }
}
