/** Follows the internal indications of one outstation, and says once what a person should know. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Indication, InternalIndications } from './application/internalIndications.ts';

interface Notice {
  readonly kind: EventKind;
  readonly text: string;
}

const NOTICES: Readonly<Partial<Record<Indication, Notice>>> = {
  deviceRestart: { kind: 'device.restarted', text: 'the outstation has restarted (IIN1.7); everything is read again' },
  eventBufferOverflow: {
    kind: 'device.events-lost',
    text: 'the outstation had no room for more events and lost some (IIN2.3); everything is read again',
  },
  needTime: {
    kind: 'device.diagnosis',
    text: 'the outstation asks for the time (IIN1.4), and its own is uncertain: give it a clock, or allow synchroniseTime',
  },
  localControl: { kind: 'device.diagnosis', text: 'some outputs of the outstation are in local control (IIN1.5)' },
  deviceTrouble: {
    kind: 'device.diagnosis',
    text: 'the outstation reports device trouble (IIN1.6): its own diagnosis says which',
  },
  configurationCorrupt: {
    kind: 'device.diagnosis',
    text: 'the configuration of the outstation is corrupt (IIN2.5): load it again',
  },
};
const WATCHED = Object.keys(NOTICES) as Indication[];

const DEFECTS: readonly Indication[] = ['configurationCorrupt', 'deviceTrouble', 'needTime'];

/** A state that comes and goes is told this often at most. */
const TELL_AGAIN_MS = 600_000;

export class IndicationWatch {
  readonly #device: string;
  readonly #clock: Clock;
  readonly #events: EventSink;
  /** Those that nobody is told of. */
  readonly #quiet: ReadonlySet<Indication>;
  readonly #toldMs = new Map<Indication | 'clock', number>();
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
    if (notice && !this.#quiet.has(indication)) this.#tell(indication, notice);
  }

  /** Its clock is found wrong; `undefined` where it is not. */
  clock(defect: string | undefined): void {
    if (defect !== undefined) this.#tell('clock', { kind: 'device.diagnosis', text: defect });
  }

  #tell(what: Indication | 'clock', { kind, text }: Notice): void {
    const nowMs = this.#clock.elapsedMs();
    const toldMs = this.#toldMs.get(what) ?? Number.NEGATIVE_INFINITY;
    if (kind === 'device.diagnosis' && nowMs - toldMs < TELL_AGAIN_MS) return;
    this.#toldMs.set(what, nowMs);
    this.#events({ at: this.#clock.now(), kind, source: this.#device, detail: text });
  }

  /** Whether the latest response had it. */
  has(indication: Indication): boolean {
    return this.#latest?.[indication] ?? false;
  }

  /** What lasts and is wrong, the worst first. */
  get defects(): readonly string[] {
    const lasting = DEFECTS.filter((indication) => this.has(indication) && !this.#quiet.has(indication));
    return lasting.map((indication) => NOTICES[indication]!.text);
  }
}
