/** The models that judge the rows of one watch: the active one, and its shadows. */

import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { ModelRegistry } from '../models/modelRegistry.ts';
import type { ModelVersion } from '../models/modelVersion.ts';
import { ModelStream } from './modelStream.ts';
import type { ScoringParts } from './scoringStore.ts';

/** A model without a voice that cannot judge. */
export interface BrokenShadow {
  readonly model: number;
  readonly why: string;
}

export class WatchModels {
  active: ModelStream | undefined;
  shadows: readonly ModelStream[] = [];
  /** Why the active model cannot judge; `undefined` where it can, or there is none. */
  fault: Fault | undefined;
  /** The number of the active model, where it was learned with other features than the watch has now. */
  unfit: number | undefined;
  /** Whether there are models, and none of them judges any more. */
  areRetired = false;
  /** Shadows that cannot be read, by number. */
  #unread: ReadonlyMap<number, Fault> = new Map();
  /** Of models that have no stream: nobody has asked the registry for them yet, or they could not be read. */
  #saved: ScoringParts;
  #revision = Number.NaN;

  /** Streams go on as `saved` says. */
  constructor(saved: ScoringParts) {
    this.#saved = saved;
  }

  /**
   * What is active and what is a shadow now: those that were there go on, others begin. `onUnread` is told of new shadows that
   * cannot be read.
   */
  refresh(registry: ModelRegistry, watch: HealthWatch, onUnread: (fault: Fault) => void = () => undefined): void {
    const revision = registry.revisionOf(watch.id);
    if (revision === this.#revision) return;
    const listed = registry.list(watch.id);
    this.fault = listed.ok ? undefined : listed.fault;
    if (!listed.ok) return;
    const standing = listed.value.filter(({ state }) => state !== 'retired');
    this.areRetired = listed.value.length > 0 && standing.length === 0;
    const voice = standing.find(({ state }) => state === 'active');
    const fitting = standing.filter(({ card }) => card.featureVersion === watch.featureVersion);
    this.unfit = voice && !fitting.includes(voice) ? voice.number : undefined;
    const states = this.states();
    const streams: ModelStream[] = [];
    const unread = new Map<number, Fault>();
    for (const version of fitting) {
      const opened = this.#open(registry, version, voice?.number ?? 0, states);
      if (opened.ok) streams.push(opened.value);
      else unread.set(version.number, opened.fault);
    }
    this.#saved = new Map([...states].filter(([name]) => [...unread.keys()].some((number) => nameOf(number) === name)));
    // What is damaged stays so; a disk that could not be read is asked again.
    const isFinal = [...unread.values()].every(({ code }) => code === 'health.model-damaged');
    this.#revision = isFinal ? revision : Number.NaN;
    this.active = streams.find(({ number }) => number === voice?.number);
    this.shadows = streams.filter((stream) => stream !== this.active);
    this.fault = voice && unread.get(voice.number);
    if (voice) unread.delete(voice.number);
    for (const [number, fault] of unread) if (!this.#unread.has(number)) onUnread(fault);
    this.#unread = unread;
  }

  /** All that was seen of rows is forgotten. */
  beginAnew(): void {
    [this.active, this.shadows, this.#saved, this.#revision] = [undefined, [], new Map(), Number.NaN];
  }

  /** Another definition may fit other models. */
  forget(): void {
    this.#revision = Number.NaN;
  }

  /** Of all that have no voice, whether or not they can judge. */
  get shadowNumbers(): readonly number[] {
    return [...this.shadows.map(({ number }) => number), ...this.#unread.keys()].sort((a, b) => a - b);
  }

  brokenShadows(): readonly BrokenShadow[] {
    const broken = this.shadows.flatMap(({ number, broken: fault }) => (fault ? [{ model: number, fault }] : []));
    const unread = [...this.#unread].map(([model, fault]) => ({ model, fault }));
    return [...broken, ...unread].map(({ model, fault }) => ({ model, why: fault.detail }));
  }

  /** By name, as JSON. */
  states(): Map<string, unknown> {
    const all = this.active ? [this.active, ...this.shadows] : this.shadows;
    const states = all.map((stream): [string, unknown] => [nameOf(stream.number), stream.state()]);
    return new Map([...[...this.#saved].filter(([name]) => name.startsWith(PREFIX)), ...states]);
  }

  /** One that stands as it did, and can judge, goes on as it is. */
  #open(registry: ModelRegistry, version: ModelVersion, voice: number, states: ScoringParts): Result<ModelStream> {
    const all = this.active ? [this.active, ...this.shadows] : this.shadows;
    const known = all.find((stream) => stream.canBe(version, voice));
    if (known) return success(known);
    const artefact = registry.artefact(version.watch, version.number);
    if (!artefact.ok) return artefact;
    return success(new ModelStream(version, artefact.value, voice, states.get(nameOf(version.number))));
  }
}

function nameOf(number: number): string {
  return `${PREFIX}${number}`;
}

const PREFIX = 'model ';
