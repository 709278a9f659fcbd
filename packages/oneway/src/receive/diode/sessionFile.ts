/** The sessions that a receiver has accepted, in a small file, so that a recording of one cannot be played to it later. */

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** The newest session of a gateway, and the next group of each of its streams when this was noted. */
export interface AcceptedSession {
  readonly session: number;
  readonly floors: readonly (number | undefined)[];
}

export class SessionFile {
  readonly #path: string;
  readonly #sessions: Map<string, AcceptedSession>;

  private constructor(path: string, sessions: Map<string, AcceptedSession>) {
    this.#path = path;
    this.#sessions = sessions;
  }

  /** A file that is absent is an empty one. Fault: `boundary.replay-state`. */
  static open(path: string): Result<SessionFile> {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT'
        ? success(new SessionFile(path, new Map()))
        : failure('boundary.replay-state', `${path}: ${message}`);
    }
    const sessions = parseSessions(text);
    if (!sessions) return failure('boundary.replay-state', `${path} is not what this program writes`);
    return success(new SessionFile(path, sessions));
  }

  get(gateway: string): AcceptedSession | undefined {
    return this.#sessions.get(gateway);
  }

  /** Notes them all, durably. Fault: `boundary.replay-state`; they are then known until the process ends. */
  put(sessions: ReadonlyMap<string, AcceptedSession>): Result<void> {
    for (const [gateway, session] of sessions) this.#sessions.set(gateway, session);
    const beside = `${this.#path}.new`;
    try {
      const file = openSync(beside, 'w', 0o600);
      try {
        writeSync(file, `${JSON.stringify(Object.fromEntries(this.#sessions))}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(beside, this.#path);
      return success(undefined);
    } catch (error) {
      return failure('boundary.replay-state', error instanceof Error ? error.message : String(error));
    }
  }
}

function parseSessions(text: string): Map<string, AcceptedSession> | undefined {
  const sessions = new Map<string, AcceptedSession>();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  for (const [gateway, accepted] of Object.entries(json as Record<string, Partial<AcceptedSession> | null>)) {
    const { session, floors } = accepted ?? {};
    if (!isCount(session) || !Array.isArray(floors)) return undefined;
    sessions.set(gateway, { session, floors: floors.map((floor) => (isCount(floor) ? floor : undefined)) });
  }
  return sessions;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
