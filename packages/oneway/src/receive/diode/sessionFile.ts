/** The sessions that a receiver has accepted, in a small file, so that a recording of one cannot be played to it later. */

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** What of a stream may not come again: groups and beats with lower numbers. */
export interface StreamFloor {
  /** `undefined` where no group is known of. */
  readonly group?: number | undefined;
  readonly beat: number;
}

/** The newest session of a gateway, and how far each of its streams had come when this was noted. */
export interface AcceptedSession {
  readonly session: number;
  readonly floors: readonly StreamFloor[];
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
      syncDirectory(dirname(this.#path));
      return success(undefined);
    } catch (error) {
      return failure('boundary.replay-state', error instanceof Error ? error.message : String(error));
    }
  }
}

/** So that an older note does not come back with the power. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
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
    if (!isCount(session) || !Array.isArray(floors) || !floors.every(isFloor)) return undefined;
    sessions.set(gateway, { session, floors });
  }
  return sessions;
}

function isFloor(value: unknown): value is StreamFloor {
  const { group, beat } = (value ?? {}) as Partial<StreamFloor>;
  return isCount(beat) && (group === undefined || isCount(group));
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
