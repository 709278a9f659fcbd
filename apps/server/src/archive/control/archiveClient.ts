/** Asks the process that has an archive open: another one, or, where there is none, this one. */

import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import { BlockEncoder } from '@tidegate/core/block/encodeBlock.ts';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { METADATA_FILE } from '@tidegate/platform/historian/archive/archiveFiles.ts';
import { SERVER_STREAM } from '@tidegate/platform/historian/ingest/storedTag.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import type {
  ControlAnswer,
  ControlRequest,
  ControlValues,
  ExportRequest,
  ImportRequest,
  ProveRequest,
} from './controlMessage.ts';
import { controlSocket, makeControlDirectory } from './controlServer.ts';
import { type Frame, FrameStream } from './frameStream.ts';
import { serveControl } from './serveControl.ts';

/** Of a data directory of `tidegate start`, the server's is below. */
const SERVER_BELOW = 'server';
const HEADER = { gateway: SERVER_STREAM, lane: 'analytical', epoch: 1, sequence: 0, tally: EMPTY_TALLY } as const;
/** A command neither deletes evidence nor lets go of what a server would keep. */
const KEEP_ALL_EVIDENCE = Number.MAX_SAFE_INTEGER;
const GONE = failure('archive.control', 'The server ended, or ended the connection, before it had answered.');

export class ArchiveClient {
  /** The server's data directory. */
  readonly directory: string;
  /** Whether another process has the archive open. */
  readonly isServed: boolean;
  readonly #connect: () => Duplex;
  readonly #close: () => Promise<void>;
  readonly #encoder = new BlockEncoder(crc32);

  constructor(directory: string, isServed: boolean, connect: () => Duplex, close: () => Promise<void>) {
    this.directory = directory;
    this.isServed = isServed;
    this.#connect = connect;
    this.#close = close;
  }

  /**
   * Where no server runs on the directory, it is opened here, and `events` is told of damage. Faults: `archive.absent`,
   * `archive.control`, and those of `Historian.open`.
   */
  static async open(directory: string, events: EventSink): Promise<Result<ArchiveClient>> {
    const located = await locateArchive(directory);
    if (!located.ok) return located;
    const place = located.value;
    const path = controlSocket(place);
    const reached = await canConnect(path);
    if (!reached.ok) return reached;
    if (reached.value)
      return success(
        new ArchiveClient(
          place,
          true,
          () => connect(path),
          async () => {},
        ),
      );
    const opened = await Historian.open({
      directory: place,
      clock: systemClock,
      events,
      evidenceBytes: KEEP_ALL_EVIDENCE,
    });
    if (!opened.ok) {
      const { code, detail } = opened.fault;
      return failure(
        code,
        code === 'archive.in-use' ? `${detail}; it does not answer at ${controlSocket(place)}` : detail,
      );
    }
    await makeControlDirectory(place);
    const archive = { historian: opened.value, directory: place };
    const dial = () => {
      const [ours, theirs] = duplexPair();
      void serveControl(archive, theirs);
      return ours;
    };
    return success(new ArchiveClient(place, false, dial, () => opened.value.close()));
  }

  overview(): Promise<Result<ControlValues['overview']>> {
    return this.#ask('overview', { ask: 'overview' });
  }

  /** Holds the archive for as long as `use` takes. */
  async hold<T>(use: (held: ControlValues['hold']) => Promise<Result<T>>): Promise<Result<T>> {
    const { peer, frames, answer } = await this.#open('hold', { ask: 'hold' });
    try {
      return answer.ok ? await use(answer.value) : answer;
    } finally {
      peer.end();
      // The other side ends when it has let go.
      for await (const _ of frames);
    }
  }

  /** Tells `onTags` what will come, then `onBlock` of each block; the tags of its samples are their indexes. */
  async export(
    request: Omit<ExportRequest, 'ask'>,
    onTags: (tags: ControlValues['export']) => void | Promise<void>,
    onBlock: (block: SampleBlock) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const { peer, frames, answer } = await this.#open('export', { ask: 'export', ...request });
    try {
      if (!answer.ok) return answer;
      await onTags(answer.value);
      for await (const frame of frames) {
        signal.throwIfAborted();
        if ('json' in frame) return frame.json === null ? success(undefined) : GONE;
        const decoded = decodeBlock(frame.block, crc32);
        if (!decoded.ok) return decoded;
        await onBlock(decoded.value.block);
      }
      return GONE;
    } finally {
      peer.destroy();
    }
  }

  /** Gives the lines of the proof of a tag to `onLine`. Faults: `tag.unknown`, `archive.control`. */
  async prove(
    request: Omit<ProveRequest, 'ask'>,
    onLine: (line: unknown) => void,
    signal: AbortSignal,
  ): Promise<Result<void>> {
    const { peer, frames, answer } = await this.#open('prove', { ask: 'prove', ...request });
    try {
      if (!answer.ok) return answer;
      for await (const frame of frames) {
        signal.throwIfAborted();
        if (!('json' in frame)) return GONE;
        if (frame.json === null) return success(undefined);
        onLine(frame.json);
      }
      return GONE;
    } finally {
      peer.destroy();
    }
  }

  /** Sends the blocks, whose tags are places in `series`; resolves with the number of samples when they are durable. */
  async import(request: Omit<ImportRequest, 'ask'>, blocks: AsyncIterable<SampleBlock>): Promise<Result<number>> {
    const peer = new FrameStream(this.#connect());
    try {
      await peer.sendJson({ ask: 'import', ...request } satisfies ControlRequest);
      const answered = firstAnswer<number>(peer.frames());
      let refused = false;
      void answered.then(({ ok }) => {
        refused = !ok;
      });
      for await (const block of blocks) {
        if (refused) break;
        await peer.sendBlock(this.#encoder.encode({ ...HEADER, sealedAt: 0 as Timestamp }, block));
      }
      await peer.sendJson(null);
      return await answered;
    } finally {
      peer.destroy();
    }
  }

  close(): Promise<void> {
    return this.#close();
  }

  async #ask<Ask extends keyof ControlValues>(
    ask: Ask,
    request: Extract<ControlRequest, { ask: Ask }>,
  ): Promise<Result<ControlValues[Ask]>> {
    const { peer, answer } = await this.#open(ask, request);
    peer.destroy();
    return answer;
  }

  async #open<Ask extends keyof ControlValues>(_ask: Ask, request: Extract<ControlRequest, { ask: Ask }>) {
    const peer = new FrameStream(this.#connect());
    await peer.sendJson(request);
    const frames = peer.frames();
    return { peer, frames, answer: await firstAnswer<ControlValues[Ask]>(frames) };
  }
}

/** The directory itself, or the server's below it. Fault: `archive.absent`. */
export async function locateArchive(directory: string): Promise<Result<string>> {
  for (const place of [resolve(directory), resolve(directory, SERVER_BELOW)]) {
    const file = await stat(join(place, METADATA_FILE)).catch(() => undefined);
    if (file) return success(place);
  }
  return failure('archive.absent', `There is no archive in ${resolve(directory)}.`);
}

/** The server that has the archive open; `undefined` where none has. Fault: `archive.control` where it lets nobody in. */
export async function connectToServer(directory: string): Promise<Result<ArchiveClient | undefined>> {
  const path = controlSocket(directory);
  const reached = await canConnect(path);
  if (!reached.ok) return reached;
  return success(
    reached.value
      ? new ArchiveClient(
          directory,
          true,
          () => connect(path),
          async () => {},
        )
      : undefined,
  );
}

async function firstAnswer<T>(frames: AsyncGenerator<Frame, void, undefined>): Promise<Result<T>> {
  const { value: frame } = await frames.next();
  if (!frame || !('json' in frame)) return GONE;
  const answer = frame.json as ControlAnswer<T>;
  return 'fault' in answer ? { ok: false, fault: answer.fault as Fault } : success(answer.value);
}

/** False where nobody listens. Fault: `archive.control` where somebody does and does not let us in. */
function canConnect(path: string): Promise<Result<boolean>> {
  return new Promise((settle) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      settle(success(true));
    });
    socket.once('error', ({ code, message }: NodeJS.ErrnoException) => {
      const isRefused = code === 'EACCES' || code === 'EPERM';
      settle(isRefused ? failure('archive.control', message) : success(false));
    });
  });
}
