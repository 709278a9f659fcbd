/**
 * The identity in a directory as it is now: whoever replaces the files replaces the identity, without a restart.
 *
 * Invariant: an identity is used whole or not at all. While its files are half written, or do not fit, the one before them
 * goes on, and where that lasts, it is an event.
 */

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, timestampFromMs } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { type CheckedIdentity, checkIdentity, commonNameOf } from './checkedIdentity.ts';
import { daysLeft, ExpiryNotices } from './expiry.ts';
import { IDENTITY_FILES, readIdentity } from './identity.ts';

export interface WatchOptions {
  readonly directory: string;
  /** The code of the fault where a file is missing or cannot be read. */
  readonly fault: FaultCode;
  /** What else an identity must be to be used, such as made out to a certain name. */
  readonly accept?: (identity: CheckedIdentity) => Fault | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Time between two looks at the files; 2 s where absent. */
  readonly intervalMs?: number;
}

/** How long something holds, for those who look at the status. */
export interface CertificateStatus {
  readonly name: string;
  readonly validUntil: Timestamp;
  /** Whole days; below 0 where it has ended. */
  readonly daysLeft: number;
}

export interface IdentityStatus extends CertificateStatus {
  readonly serialNumber: string;
  /** SHA-256 of the certificate, as 64 hexadecimal digits in lower case. */
  readonly fingerprint: string;
  readonly revoked: boolean;
  readonly authorities: readonly CertificateStatus[];
  /** Why the files that lie in the directory now are not used; absent where they are. */
  readonly unusable?: Fault;
}

const INTERVAL_MS = 2_000;

export class WatchedIdentity {
  readonly #options: WatchOptions;
  readonly #notices: ExpiryNotices;
  readonly #listeners: (() => void)[] = [];
  #current: CheckedIdentity;
  /** Of the files that were last looked into. */
  #seen: string;
  #unusable: Fault | undefined;
  /** What was last reported of files that cannot be used. */
  #reported = '';
  #cancel: CancelTimer = () => {};
  #closed = false;

  private constructor(options: WatchOptions, current: CheckedIdentity, seen: string) {
    this.#options = options;
    this.#current = current;
    this.#seen = seen;
    this.#notices = new ExpiryNotices(options.events, options.directory);
    this.#notices.review(current, options.clock.now());
  }

  /** Looks once. Faults: those of `readIdentity`, of `checkIdentity`, and what `accept` gives. */
  static async open(options: WatchOptions): Promise<Result<WatchedIdentity>> {
    const seen = await stateOf(options.directory);
    const read = await readChecked(options);
    return read.ok ? success(new WatchedIdentity(options, read.value, seen)) : read;
  }

  /** Goes on looking until it is closed. */
  start(): void {
    const { clock, intervalMs = INTERVAL_MS } = this.#options;
    if (this.#closed) return;
    this.#cancel = clock.after(intervalMs, () => void this.look().then(() => this.start()));
  }

  /** The same object for as long as nothing changes. */
  current(): CheckedIdentity {
    return this.#current;
  }

  /** `listener` is called after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  status(): IdentityStatus {
    const { certificate, authorities, isRevoked } = this.#current;
    return {
      ...this.#statusOf(certificate),
      serialNumber: certificate.serialNumber,
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
      revoked: isRevoked(certificate),
      authorities: authorities.map((authority) => this.#statusOf(authority)),
      ...(this.#unusable && { unusable: this.#unusable }),
    };
  }

  /** Looks at the files and at the clock. */
  async look(): Promise<void> {
    const state = await stateOf(this.#options.directory);
    // The second look at files that do not fit: nobody is writing them any more.
    if (state === this.#seen && this.#unusable) this.#report(this.#unusable);
    if (state !== this.#seen) {
      this.#seen = state;
      const read = await readChecked(this.#options);
      this.#unusable = read.ok ? undefined : read.fault;
      if (read.ok) this.#take(read.value);
    }
    this.#notices.review(this.#current, this.#options.clock.now());
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #take(identity: CheckedIdentity): void {
    this.#reported = '';
    const before = this.#current;
    if ((['key', 'cert', 'ca', 'crl'] as const).every((part) => before[part] === identity[part])) return;
    this.#current = identity;
    const { serialNumber, validToDate } = identity.certificate;
    const until = `valid until ${validToDate.toISOString()}`;
    this.#emit(
      'certificate.changed',
      `"${commonNameOf(identity.certificate)}", serial number ${serialNumber}, ${until}`,
    );
    for (const listener of this.#listeners) listener();
  }

  #report({ code, detail }: Fault): void {
    const text = `${code}: ${detail}`;
    if (this.#reported === text) return;
    this.#reported = text;
    this.#emit('certificate.unusable', `${text}; the files before them stay in use`);
  }

  #emit(kind: EventKind, detail: string): void {
    const { clock, directory, events } = this.#options;
    events({ at: clock.now(), kind, source: directory, detail });
  }

  #statusOf(certificate: CheckedIdentity['certificate']): CertificateStatus {
    const validUntil = timestampFromMs(certificate.validToDate.getTime());
    return { name: commonNameOf(certificate), validUntil, daysLeft: daysLeft(certificate, this.#options.clock.now()) };
  }
}

async function readChecked({ directory, fault, accept }: WatchOptions): Promise<Result<CheckedIdentity>> {
  const read = await readIdentity(directory, fault);
  if (!read.ok) return read;
  const checked = checkIdentity(read.value);
  if (!checked.ok) return { ok: false, fault: { ...checked.fault, detail: `${directory}: ${checked.fault.detail}` } };
  const refused = accept?.(checked.value);
  return refused ? { ok: false, fault: refused } : checked;
}

/** A text that changes whenever one of the files does. */
async function stateOf(directory: string): Promise<string> {
  const states = Object.values(IDENTITY_FILES).map((file) =>
    stat(join(directory, file)).then(
      ({ ino, size, mtimeMs, ctimeMs }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      (error: NodeJS.ErrnoException) => String(error.code),
    ),
  );
  return (await Promise.all(states)).join('; ');
}
