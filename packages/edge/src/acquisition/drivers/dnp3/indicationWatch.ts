/** Follows the internal indications of one outstation, and says once what a person should know. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Indication, InternalIndications } from './application/internalIndications.ts';

interface Notice {
  readonly kind: EventKind;
  readonly text: string;
}

const NOTICES: Readonly<Partial<Record<Indication, Notice>>> = {
  deviceRestart: { kind: 'device.restarted', text: 'the outstation has restarted (IIN1.7)' },
  eventBufferOverflow: {
    kind: 'device.events-lost',
    text: 'the outstation had no room for more events and lost some (IIN2.3); everything is read again',
  },
  needTime: { kind: 'device.diagnosis', text: 'the outstation asks for the time (IIN1.4); its own is not certain' },
  localControl: { kind: 'device.diagnosis', text: 'some outputs of the outstation are in local control (IIN1.5)' },
  deviceTrouble: { kind: 'device.diagnosis', text: 'the outstation reports device trouble (IIN1.6)' },
  configurationCorrupt: { kind: 'device.diagnosis', text: 'the configuration of the outstation is corrupt (IIN2.5)' },
};
const WATCHED = Object.keys(NOTICES) as Indication[];

/** A state that comes and goes is told this often at most. */
const TELL_AGAIN_MS = 600_000;

export class IndicationWatch {
  readonly #device: string;
  readonly #clock: Clock;
  readonly #events: EventSink;
  /** Those that nobody is told of. */
  readonly #quiet: ReadonlySet<Indication>;
  readonly #toldMs = new Map<Indication, number>();
  #latest: InternalIndications | undefined;

  constructor(device: string, clock: Clock, events: EventSink, quiet: readonly Indication[]) {
    this.#device = device;
    this.#clock = clock;
    this.#events = events;
    this.#quiet = new Set(quiet);
  }

  /** Takes the indications of a response; says which of those that matter have been set since the one before. */
  note(indications: InternalIndications): ReadonlySet<Indication> {
    const before = this.#latest;
    this.#latest = indications;
    const raised = new Set(WATCHED.filter((indication) => indications[indication] && !before?.[indication]));
    for (const indication of raised) this.tell(indication);
    return raised;
  }

  tell(indication: Indication): void {
    const notice = NOTICES[indication];
    const nowMs = this.#clock.elapsedMs();
    const toldMs = this.#toldMs.get(indication) ?? Number.NEGATIVE_INFINITY;
    const soon = notice?.kind === 'device.diagnosis' && nowMs - toldMs < TELL_AGAIN_MS;
    if (!notice || soon || this.#quiet.has(indication)) return;
    this.#toldMs.set(indication, nowMs);
    this.#events({ at: this.#clock.now(), kind: notice.kind, source: this.#device, detail: notice.text });
  }

  /** What lasts and is wrong, in one sentence. */
  get defect(): string | undefined {
    const { deviceTrouble, configurationCorrupt } = this.#latest ?? {};
    if (configurationCorrupt) return NOTICES.configurationCorrupt?.text;
    return deviceTrouble ? NOTICES.deviceTrouble?.text : undefined;
  }
}
