/**
 * What attributes were, without a look ahead: each tag holds its value until its next sample, in the unit that it had then, and
 * by the version of the model that held.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, lowerBound, type SampleRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import type { TagVersion } from '../../../historian/ingest/storedTag.ts';
import { expressionInputs } from '../../../historian/query/answer/expressionInputs.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { Historian } from '../../../historian/query/historian.ts';
import type { StoredTag, TagIndex } from '../../../historian/query/historianReader.ts';
import { RunBuilder } from '../../../historian/query/runBuilder.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import { TagNames } from '../../../model/assets/tagNames.ts';
import { AttributeComposer } from '../../../model/twins/history/attributeComposer.ts';
import type { AttributeExpression } from '../../../model/twins/history/attributeExpression.ts';
import { calculatedRun, heldRun } from './heldRun.ts';

export interface HeldParts {
  readonly historian: Pick<Historian, 'tags' | 'tagRevision' | 'definitions' | 'history'>;
  readonly store: Pick<ModelStore, 'periods' | 'version'>;
}

/** `start <= time < end` (µs); only what was known at `knownAt`. */
export interface HeldRange {
  readonly start: number;
  readonly end: number;
  readonly knownAt?: number | undefined;
}

/** What values from `start` to before `end` (µs) come from. */
export interface Origin {
  readonly start: number;
  readonly end: number;
  /** Of the model; `undefined` where none held. */
  readonly version: number | undefined;
  /** In the units that they had. */
  readonly tags: readonly StoredTag[];
  /** Why there are none, or parts have none: reasons of the model and of units. */
  readonly lacks: readonly string[];
}

/** A part of a range in which neither the model nor the unit of a tag changes. */
interface Stretch extends Pick<Origin, 'start' | 'end' | 'version'> {
  /** A reason where nothing can be calculated. */
  readonly composed: AttributeExpression | string;
  /** From when on samples of a tag are in the unit that it has here. */
  readonly unitSince: ReadonlyMap<TagIndex, number>;
}

interface UnitPeriod {
  readonly since: number;
  readonly unit: string;
}

/** What is made of so many samples takes some milliseconds. */
const SAMPLES_PER_TURN = 4_096;

export class HeldAttributes {
  readonly #parts: HeldParts;
  readonly #names: TagNames;
  readonly #composer = new AttributeComposer();

  constructor(parts: HeldParts) {
    this.#parts = parts;
    this.#names = new TagNames(parts.historian);
  }

  /**
   * A row at `start` and wherever one of the tags has a sample, each of which holds until the next; without a value where nothing
   * gives one. Faults: `history.too-much`, those of the archive and of `ModelStore.version`.
   */
  async read(asset: AssetId, wanted: Expression, range: HeldRange): Promise<Result<SampleRun>> {
    const stretches = await this.#stretches(asset, wanted, range);
    if (!stretches.ok) return stretches;
    const runs = new RunBuilder();
    for (const { start, end, composed, unitSince } of stretches.value) {
      if (typeof composed === 'string') {
        runs.add(nothingFrom(start));
        continue;
      }
      const around = { earliest: start, latest: end - 1, knownAt: range.knownAt };
      const inputs = await expressionInputs(this.#parts.historian.history, composed, around);
      if (!inputs.ok) return inputs;
      const own = inputs.value.map(({ run }, at) => since(run, unitSince.get(composed.tags[at].index)));
      const held = heldRun(composed, own, start, end);
      if (!held.ok) return held;
      runs.add(held.value);
    }
    return success(runs.build());
  }

  /**
   * The samples of one tag as they came, in pieces in order of time, each as the expression has it; none where it reads not one tag,
   * or does not hold. The event loop turns between pieces, and no more than one of them is in memory. Faults as `read`.
   */
  async scan(
    asset: AssetId,
    wanted: Expression,
    range: HeldRange,
    take: (samples: SampleRun) => void,
  ): Promise<Result<void>> {
    const stretches = await this.#stretches(asset, wanted, range);
    if (!stretches.ok) return stretches;
    for (const { start, end, composed, unitSince } of stretches.value) {
      if (typeof composed === 'string' || composed.tags.length !== 1) continue;
      const [{ index }] = composed.tags;
      const from = Math.max(start, unitSince.get(index) ?? start);
      for await (const batch of this.#parts.historian.history.scan(index, {
        start: from,
        end,
        knownAt: range.knownAt,
      })) {
        if (!('times' in batch)) continue;
        for (let row = 0; row < batch.times.length; row += SAMPLES_PER_TURN) {
          take(calculatedRun(composed, sliceRun(batch, row, Math.min(batch.times.length, row + SAMPLES_PER_TURN))));
          await nextTurn();
        }
      }
    }
    return success(undefined);
  }

  /** In order of time. Faults as `read`. */
  async origins(asset: AssetId, wanted: Expression, range: HeldRange): Promise<Result<readonly Origin[]>> {
    const stretches = await this.#stretches(asset, wanted, range);
    if (!stretches.ok) return stretches;
    return success(
      stretches.value.map(({ start, end, version, composed }) => {
        const { tags, lacks } = typeof composed === 'string' ? { tags: [], lacks: [composed] } : composed;
        return { start, end, version, tags, lacks };
      }),
    );
  }

  async #stretches(asset: AssetId, wanted: Expression, range: HeldRange): Promise<Result<readonly Stretch[]>> {
    const { start, end, knownAt } = range;
    const stretches: Stretch[] = [];
    let at = start;
    const nothing = (until: number) => {
      const composed = 'no version of the model held then';
      if (at < until) stretches.push({ start: at, end: until, version: undefined, composed, unitSince: new Map() });
      at = until;
    };
    for (const period of this.#parts.store.periods(start as Timestamp, end as Timestamp)) {
      nothing(period.start);
      const applied = await this.#parts.store.version(period.version.number);
      if (!applied.ok) return applied;
      const own = this.#ofVersion(applied.value, asset, wanted, { start: period.start, end: period.end, knownAt });
      if (!own.ok) return own;
      stretches.push(...own.value);
      at = period.end;
    }
    nothing(end);
    return success(stretches);
  }

  #ofVersion(
    applied: AppliedModel,
    asset: AssetId,
    wanted: Expression,
    { start, end, knownAt }: HeldRange,
  ): Result<readonly Stretch[]> {
    const asked = new Set<StoredTag>();
    this.#composer.compose(applied, asset, wanted, (path) => {
      const tag = this.#names.find(path);
      if (tag) asked.add(tag);
      return tag;
    });
    const units = new Map<TagIndex, readonly UnitPeriod[]>();
    for (const { index } of asked) {
      const versions = this.#parts.historian.definitions(index);
      if (!versions.ok) return versions;
      units.set(index, unitPeriods(versions.value, knownAt));
    }
    const changes = [...units.values()].flat().map(({ since }) => since);
    const cuts = [start, ...new Set(changes.filter((time) => time > start && time < end))].sort((a, b) => a - b);
    return success(
      cuts.map((from, at) => {
        const unitSince = new Map<TagIndex, number>();
        // Each tag is one, however often it is named: it is read once.
        const tags = new Map<TagIndex, StoredTag>();
        for (const tag of asked) {
          const period = units.get(tag.index)?.findLast(({ since }) => since <= from);
          if (!period) continue;
          unitSince.set(tag.index, period.since);
          tags.set(tag.index, { ...tag, unit: period.unit });
        }
        const composed = this.#composer.compose(applied, asset, wanted, (path) => {
          const tag = this.#names.find(path);
          return tag && (tags.get(tag.index) ?? tag);
        });
        const missing = `the asset is not in version ${applied.version.number} of the model`;
        const made = composed?.ok ? composed.value : (composed?.fault.detail ?? missing);
        return { start: from, end: cuts[at + 1] ?? end, version: applied.version.number, composed: made, unitSince };
      }),
    );
  }
}

/** Nobody knows since when the first unit holds: since ever. */
function unitPeriods(versions: readonly TagVersion[], knownAt = Number.POSITIVE_INFINITY): readonly UnitPeriod[] {
  const periods: UnitPeriod[] = [];
  for (const { recordedAt, definition } of versions) {
    if ((recordedAt > knownAt && periods.length > 0) || periods.at(-1)?.unit === definition.unit) continue;
    periods.push({ since: periods.length === 0 ? Number.NEGATIVE_INFINITY : recordedAt, unit: definition.unit });
  }
  return periods;
}

function nothingFrom(time: number): SampleRun {
  const run = blankRun(1);
  run.times[0] = time;
  run.statuses[0] = STATUS.BadConfigurationError;
  return run;
}

/** Without the samples before `time`: they are in another unit. */
function since(run: SampleRun, time = Number.NEGATIVE_INFINITY): SampleRun {
  return sliceRun(run, lowerBound(run.times, time), run.times.length);
}
