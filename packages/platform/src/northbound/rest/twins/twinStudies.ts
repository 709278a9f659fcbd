/** Studies of twins as they are asked for: the history is read here, the rest is computed in a room of its own. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { Asset } from '../../../model/assets/assetModel.ts';
import type { AppliedModel, ModelStore } from '../../../model/assets/modelStore.ts';
import { fitText, type TypeFits, withFit } from '../../../model/twins/fit/fitText.ts';
import type { AttributeReader } from '../../../model/twins/history/attributeReader.ts';
import { loadTwins } from '../../../model/twins/loadTwins.ts';
import { attributesOf, lookBackOf, type TwinHistory } from '../../../model/twins/replay/twinHistory.ts';
import type { StudyRoom } from '../../../model/twins/study/studyRoom.ts';
import { twinGrid, usualStepUs } from '../../../model/twins/study/twinGrid.ts';
import { readTwinHistory } from '../../../model/twins/study/twinHistoryReader.ts';
import { measuredOf, type TwinOfAsset, twinOfAsset } from '../../../model/twins/study/twinOfAsset.ts';
import type { TwinTemplates } from '../../../model/twins/twinTemplate.ts';
import type {
  DiagnosisQuery,
  TwinDiagnosis,
  TwinFitBody,
  TwinFits,
  WhatIf,
  WhatIfBody,
} from '../../contract/twinStudy.ts';
import { lookUpAsset, modelAt } from '../assets/assetRead.ts';
import { momentOf, rangeOf } from '../history/moments.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';
import { changesOf, diagnosisJson, fitJson, refusedFitJson, whatIfJson } from './twinStudyJson.ts';

const CONFIDENCE = 0.95;

export interface StudyParts {
  readonly reader: AttributeReader | undefined;
  readonly store: ModelStore | undefined;
  readonly room: StudyRoom;
}

/** An asset with its twin. */
interface Subject extends TwinOfAsset {
  readonly applied: AppliedModel;
  readonly asset: Asset;
}

export class TwinStudies {
  readonly #parts: StudyParts;
  readonly #twins = new WeakMap<AppliedModel, TwinTemplates>();

  constructor(parts: StudyParts) {
    this.#parts = parts;
  }

  async fit(asked: TwinFitBody, now: Timestamp): Promise<Outcome<TwinFits>> {
    const subjects = await this.#fitted(asked, now);
    if (!subjects.ok) return subjects;
    const range = rangeOf({ ...asked, timeZone: 'UTC' }, now);
    if (!range.ok) return range;
    const { start, end } = range.value;
    const stepUs = stepOf(asked.interval, end - start);
    const [first] = subjects.value;
    const modes = asked.modes && new Set(asked.modes);
    const unknown = asked.modes?.find((mode) => !first.template.modes.some(({ name }) => name === mode));
    if (unknown !== undefined)
      return invalidFields([{ field: 'modes', detail: `names no mode of the twin ("${unknown}")` }]);
    let kept: TypeFits = { type: first.template.type, fits: first.template.fits };
    const fits: TwinFits['fits'] = [];
    for (const subject of subjects.value) {
      const history = await this.#history(subject, start, end, stepUs);
      if (!history.ok) return history;
      const { template, parameters, asset } = subject;
      const question = { template, asset: asset.id, parameters, history: history.value, ...range.value, modes, now };
      const { robust, by } = asked;
      const report = await this.#parts.room.answer({ kind: 'fit', question: { ...question, robust, by } });
      if (report.ok) kept = withFit(kept, report.value.fit);
      else if (report.fault.code !== 'twin.fit-refused' || subjects.value.length === 1) return asOutcome(report);
      fits.push(report.ok ? fitJson(asset.path, report.value) : refusedFitJson(asset.path, report.fault.detail));
    }
    const file = `twins/${first.template.type}.fit.yaml`;
    return answer({ file, text: fitText(kept), confidence: CONFIDENCE, intervalUs: stepUs, fits });
  }

  async whatIf(asked: WhatIfBody, now: Timestamp): Promise<Outcome<WhatIf>> {
    const from = momentOf('from', asked.from, 'UTC', now);
    if (!from.ok) return from;
    if (from.value > now) return invalidFields([{ field: 'from', detail: 'must not lie in the future' }]);
    const subject = await this.#subject(asked.asset, now);
    if (!subject.ok) return subject;
    const lengthUs = parseDurationMs(asked.for)! * US_PER_MS;
    const stepUs = stepOf(asked.interval, lengthUs);
    const history = await this.#history(subject.value, from.value, from.value + lengthUs + stepUs, stepUs);
    if (!history.ok) return history;
    const { template, fit, parameters, asset } = subject.value;
    const run = await this.#parts.room.answer({
      kind: 'whatIf',
      question: {
        ...{ template, fit, parameters, history: history.value, from: from.value, recordedUntil: now },
        ...{ changes: changesOf(asked.changes), changedParameters: new Map(Object.entries(asked.parameters)) },
      },
    });
    return run.ok ? answer(whatIfJson(asset.path, stepUs, template, run.value)) : asOutcome(run);
  }

  async diagnose(name: string, asked: DiagnosisQuery, now: Timestamp): Promise<Outcome<TwinDiagnosis>> {
    const range = rangeOf({ ...asked, timeZone: 'UTC' }, now);
    if (!range.ok) return range;
    const { start, end } = range.value;
    const subject = await this.#subject(name, now);
    if (!subject.ok) return subject;
    const history = await this.#history(subject.value, start, end, stepOf(asked.interval, end - start));
    if (!history.ok) return history;
    const { template, fit, parameters, asset, applied } = subject.value;
    const measured = measuredOf(applied.lookup, asset, history.value.attributes.keys());
    const question = { template, fit, parameters, history: history.value, start, end, measured };
    const diagnosis = await this.#parts.room.answer({ kind: 'diagnosis', question });
    return diagnosis.ok ? answer(diagnosisJson(asset.path, diagnosis.value)) : asOutcome(diagnosis);
  }

  /** Those whose twins are to be fitted: one, or all of a type that has a template of its own. */
  async #fitted({ asset, type }: TwinFitBody, now: Timestamp): Promise<Outcome<readonly [Subject, ...Subject[]]>> {
    if ((asset === undefined) === (type === undefined)) {
      return invalidFields([{ field: 'asset', detail: 'or `type` must be given, and not both' }]);
    }
    if (asset !== undefined) {
      const subject = await this.#subject(asset, now);
      return subject.ok ? answer([subject.value]) : subject;
    }
    const applied = await modelAt(this.#parts.store, undefined, now);
    if (!applied.ok) return applied;
    const assets = [...applied.value.model.assets.values()].filter((each) => each.type === type);
    const [first, ...rest] = assets.flatMap((each) => this.#subjectOf(applied.value, each) ?? []);
    return first ? answer([first, ...rest]) : refusal('twin.none', `No asset of the type "${type}" has a twin.`);
  }

  /** By the model that holds now, whatever the time of the history: what is known of the machine is in it. */
  async #subject(name: string, now: Timestamp): Promise<Outcome<Subject>> {
    const applied = await modelAt(this.#parts.store, undefined, now);
    if (!applied.ok) return applied;
    const asset = lookUpAsset(applied.value, name);
    if (!asset.ok) return asset;
    const subject = this.#subjectOf(applied.value, asset.value);
    return subject ? answer(subject) : refusal('twin.none', `No template of a twin holds for ${asset.value.path}.`);
  }

  #subjectOf(applied: AppliedModel, asset: Asset): Subject | undefined {
    let twins = this.#twins.get(applied);
    if (!twins) {
      ({ twins } = loadTwins(applied.texts, applied.model));
      this.#twins.set(applied, twins);
    }
    const twin = twinOfAsset(twins, applied.model, asset);
    return twin && { ...twin, applied, asset };
  }

  async #history(subject: Subject, start: number, end: number, stepUs: number): Promise<Outcome<TwinHistory>> {
    const { template, asset, applied } = subject;
    const times = twinGrid(start, end, stepUs, lookBackOf(template));
    if (!times.ok) return asOutcome(times);
    const sources = { reader: this.#parts.reader!, lookup: applied.lookup };
    return asOutcome(await readTwinHistory(sources, asset, attributesOf(template), times.value));
  }
}

function stepOf(interval: string | undefined, lengthUs: number): number {
  return interval === undefined ? usualStepUs(lengthUs) : Math.round(parseDurationMs(interval)! * US_PER_MS);
}

function asOutcome<T>(result: Result<T>): Outcome<T> {
  return result.ok ? result : { ...result, extras: {} };
}
