/** How long certificates still hold, and when that is worth an event. */

import type { X509Certificate } from 'node:crypto';
import { type Timestamp, timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import { type CheckedIdentity, commonNameOf } from './checkedIdentity.ts';

const DAY_MS = 86_400_000;
/** So many days before its end a certificate is spoken of. */
const STAGES_DAYS = [1, 7, 30] as const;

/** Whole days until its end; below 0 where that has passed. */
export function daysLeft({ validToDate }: X509Certificate, now: Timestamp): number {
  return Math.floor((validToDate.getTime() - timestampToMs(now)) / DAY_MS);
}

/** Invariant: each certificate is spoken of at most once for each stage, however the clock is set. */
export class ExpiryNotices {
  readonly #events: EventSink;
  readonly #source: string;
  readonly #given = new Set<string>();

  constructor(events: EventSink, source: string) {
    this.#events = events;
    this.#source = source;
  }

  review(identity: CheckedIdentity, now: Timestamp): void {
    this.#reviewCertificate(identity.certificate, 'the certificate', now);
    for (const authority of identity.authorities) this.#reviewCertificate(authority, 'the authority', now);
    for (const { authority, nextUpdate, thisUpdate } of identity.revocationLists) {
      if (nextUpdate === undefined || nextUpdate.getTime() > timestampToMs(now)) continue;
      const until = `should have been replaced by ${nextUpdate.toISOString()}; it is still used`;
      const detail = `the revocation list of "${commonNameOf(authority)}" ${until}`;
      const list = `${authority.fingerprint256} ${thisUpdate.getTime()}`;
      this.#emit('certificate.list-outdated', list, detail, now);
    }
    if (identity.isRevoked(identity.certificate)) {
      const detail = `the certificate "${commonNameOf(identity.certificate)}" has been revoked by its authority`;
      this.#emit('certificate.revoked', identity.certificate.fingerprint256, detail, now);
    }
  }

  #reviewCertificate(certificate: X509Certificate, what: string, now: Timestamp): void {
    const left = daysLeft(certificate, now);
    const stage = STAGES_DAYS.find((days) => left < days);
    if (stage === undefined) return;
    const ended = timestampToMs(now) > certificate.validToDate.getTime();
    const called = `${what} "${commonNameOf(certificate)}" (serial number ${certificate.serialNumber})`;
    const end = certificate.validToDate.toISOString();
    const { fingerprint256 } = certificate;
    if (ended) this.#emit('certificate.expired', fingerprint256, `${called} has ended at ${end}`, now);
    else this.#emit('certificate.expiring', `${fingerprint256} ${stage}`, `${called} ends at ${end}`, now);
  }

  #emit(kind: EventKind, about: string, detail: string, at: Timestamp): void {
    const notice = `${kind} ${about}`;
    if (this.#given.has(notice)) return;
    this.#given.add(notice);
    this.#events({ at, kind, source: this.#source, detail });
  }
}
