/** The models that judge the rows of one watch: the active one, and its shadows. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { ModelArtefact, ModelRegistry } from '../models/modelRegistry.ts';
import type { ModelVersion } from '../models/modelVersion.ts';
import { ModelStream } from './modelStream.ts';
import type { ScoringParts } from './scoringStore.ts';

export class WatchModels {
  active: ModelStream | undefined;
  shadows: readonly ModelStream[] = [];
  /** Why the active model cannot judge; `undefined` where it can, or there is none. */
  fault: Fault | undefined;
  /** The number of the active model, where it was learned with other features than the watch has now. */
  unfit: number | undefined;
  /** Whether there are models, and none of them judges any more. */
  areRetired = false;
  readonly #artefacts = new Map<number, ModelArtefact>();
  /** Of models that nobody has asked the registry for yet. */
  #saved: ScoringParts;
  #revision = Number.NaN;

  /** Streams go on as `saved` says. */
  constructor(saved: ScoringParts) {
    this.#saved = saved;
  }

  /** What is active and what is a shadow now: those that were there go on, others begin. */
  refresh(registry: ModelRegistry, watch: HealthWatch): void {
    if (registry.revision === this.#revision) return;
    const listed = registry.list(watch.id);
    this.fault = listed.ok ? undefined : listed.fault;
    if (!listed.ok) return;
    this.#revision = registry.revision;
    const states = this.states();
    [this.active, this.shadows, this.unfit, this.#saved] = [undefined, [], undefined, new Map()];
    const standing = listed.value.filter(({ state }) => state !== 'retired');
    this.areRetired = listed.value.length > 0 && standing.length === 0;
    const voice = standing.find(({ state }) => state === 'active');
    const fitting = standing.filter(({ card }) => card.featureVersion === watch.featureVersion);
    if (voice && !fitting.includes(voice)) this.unfit = voice.number;
    const streamOf = (version: ModelVersion) => {
      const name = nameOf(version.number);
      const artefact = this.#artefact(registry, version);
      return artefact && new ModelStream(version, artefact, voice?.number ?? 0, states.get(name));
    };
    if (voice && this.unfit === undefined) this.active = streamOf(voice);
    this.shadows = fitting.flatMap((version) => (version === voice ? [] : (streamOf(version) ?? [])));
  }

  /** Another definition may fit other models. */
  forget(): void {
    this.#revision = Number.NaN;
  }

  /** By name, as JSON. */
  states(): Map<string, unknown> {
    const all = this.active ? [this.active, ...this.shadows] : this.shadows;
    const states = all.map((stream): [string, unknown] => [nameOf(stream.number), stream.state()]);
    return new Map([...[...this.#saved].filter(([name]) => name.startsWith(PREFIX)), ...states]);
  }

  /** A shadow that is damaged just does not judge: it has no voice. */
  #artefact(registry: ModelRegistry, { watch, number, state }: ModelVersion): ModelArtefact | undefined {
    const known = this.#artefacts.get(number);
    if (known) return known;
    const read = registry.artefact(watch, number);
    if (read.ok) this.#artefacts.set(number, read.value);
    else if (state === 'active') this.fault = read.fault;
    return read.ok ? read.value : undefined;
  }
}

function nameOf(number: number): string {
  return `${PREFIX}${number}`;
}

const PREFIX = 'model ';
