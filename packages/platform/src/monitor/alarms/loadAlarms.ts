/** The alarms of the server, from `alarms/*.yaml` of the model: each for one tag or asset, or for every asset of a type. */

import {
  type AlarmDefinition,
  defineAlarm,
  type StateCodes,
  type SubjectName,
  subjectsOf,
} from '@tidegate/alarm/definition/alarmDefinition.ts';
import { type AlarmEntry, alarmSchema } from '@tidegate/alarm/definition/alarmSchema.ts';
import type { EngineAlarm } from '@tidegate/alarm/engine/alarmEngine.ts';
import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { z } from 'zod';
import type { Asset, AssetModel, ModelTexts } from '../../model/assets/assetModel.ts';
import { AssetScope, modelFiles } from '../../model/assets/assetScope.ts';
import { ModelDefects, type PlaceFinder } from '../../model/assets/text/modelDefects.ts';
import { SignalTable } from './signalTable.ts';

/** What of tags outside of the model is known. */
export interface KnownTag {
  readonly unit: string;
  readonly states?: readonly { readonly code: number; readonly name: string }[];
}
export type TagsByPath = (path: string) => KnownTag | undefined;

export interface LoadedAlarms {
  readonly alarms: readonly EngineAlarm[];
  /** The signals that the alarms number. */
  readonly signals: SignalTable;
  readonly defects: readonly Defect[];
}

const fileSchema = z.strictObject({ alarms: z.array(z.looseObject({})) });
const scopeSchema = z.object({
  type: z.string().optional().describe('every asset of this type'),
  asset: z.string().optional().describe('the path or the id of an asset'),
});

/** Never throws for what the texts hold; what is wrong is left out, and the rest works. */
export function loadAlarms(texts: ModelTexts, model: AssetModel, tags: TagsByPath): LoadedAlarms {
  const loading = new AlarmLoading(model, tags);
  for (const [file, text] of modelFiles(texts, 'alarms')) loading.readFile(file, text);
  return loading.finish();
}

class AlarmLoading {
  readonly #scope: AssetScope;
  readonly #tags: TagsByPath;
  readonly #defects = new ModelDefects();
  readonly #signals = new SignalTable();
  readonly #alarms = new Map<string, EngineAlarm>();

  constructor(model: AssetModel, tags: TagsByPath) {
    this.#scope = new AssetScope(model, this.#defects);
    this.#tags = tags;
  }

  readFile(file: string, text: string): void {
    const document = ConfigDocument.parse(file, text);
    const content = document.validate(fileSchema);
    if (!content.ok) this.#defects.addAll(content.defects);
    for (const [index, written] of content.ok ? content.value.alarms.entries() : []) {
      const placeOf: PlaceFinder = (path, part) => ({ file, ...document.place(['alarms', index, ...path], part) });
      this.#readEntry(written, placeOf, file);
    }
  }

  finish(): LoadedAlarms {
    return { alarms: [...this.#alarms.values()], signals: this.#signals, defects: this.#defects.list() };
  }

  #readEntry(written: Record<string, unknown>, placeOf: PlaceFinder, file: string): void {
    const { type: _type, asset: _asset, ...rest } = written;
    const scope = scopeSchema.safeParse(written);
    const parsed = alarmSchema.safeParse(rest, { reportInput: true });
    if (!scope.success) this.#defects.addIssues(scope.error, scopeSchema, file, placeOf);
    else if (!parsed.success) this.#defects.addIssues(parsed.error, alarmSchema, file, placeOf);
    else if (scope.data.type === undefined && scope.data.asset === undefined) {
      this.#add(parsed.data, placeOf, parsed.data.tag ?? '');
    } else {
      for (const asset of this.#scope.assetsOf(scope.data, placeOf) ?? []) this.#addWithin(parsed.data, asset, placeOf);
    }
  }

  /** Names of attributes are those that a formula of the asset sees; the alarm gets their paths. */
  #addWithin(entry: AlarmEntry, asset: Asset, placeOf: PlaceFinder): void {
    let isWhole = true;
    const pathOf = (name: string, field: DataPath): string => {
      const [base, derived] = splitDerived(name);
      const found = this.#scope.attribute(asset, base, field, placeOf);
      if (found) return `${found.asset.path}/${found.attribute.name}${derived}`;
      isWhole = false;
      return name;
    };
    const bound: AlarmEntry = {
      ...entry,
      name: entry.name === undefined ? undefined : `${asset.path}/${entry.name}`,
      attribute: entry.attribute === undefined ? undefined : pathOf(entry.attribute, ['attribute']),
      setPoint:
        entry.tag === undefined && typeof entry.setPoint === 'string'
          ? pathOf(entry.setPoint, ['setPoint'])
          : entry.setPoint,
      command:
        entry.tag === undefined && entry.command !== undefined ? pathOf(entry.command, ['command']) : entry.command,
      suppressWhile: entry.suppressWhile.map((each, index) => ({
        ...each,
        attribute:
          each.attribute === undefined ? undefined : pathOf(each.attribute, ['suppressWhile', index, 'attribute']),
      })),
    };
    if (isWhole) this.#add(bound, placeOf, asset.path, asset.formerPaths);
  }

  #add(entry: AlarmEntry, placeOf: PlaceFinder, whose: string, formerPaths: readonly string[] = []): void {
    const missing = subjectsOf(entry).find(
      ({ subject }) => subject.kind === 'attribute' && !this.#scope.lookup.path(splitDerived(subject.path)[0]),
    );
    const definition = defineAlarm(entry, this.#stateCode);
    const { name } = definition;
    if (missing) {
      const hint = 'an attribute is named by the path of its asset, a slash and its name';
      this.#defects.addOf(whose, placeOf([...missing.field]), `there is no attribute "${missing.subject.path}"`, hint);
    } else if (this.#alarms.has(name)) {
      this.#defects.add(placeOf([]), `there are two alarms "${name}"`, 'give one of them a `name` of its own');
    } else
      this.#alarms.set(name, {
        ...this.#engineAlarm(definition),
        formerNames: name.startsWith(`${whose}/`) ? formerPaths.map((path) => path + name.slice(whose.length)) : [],
      });
  }

  #engineAlarm(definition: AlarmDefinition): EngineAlarm {
    const { subject, reference, suppressWhile } = definition;
    return {
      definition,
      unit: this.#unitOf(subject),
      signal: this.#signals.number(subject),
      reference: reference && this.#signals.number(reference),
      suppressors: suppressWhile.map((each) => this.#signals.number(each.subject)),
    };
  }

  #unitOf({ kind, path }: SubjectName): string {
    if (kind === 'tag') return this.#tags(path)?.unit ?? '';
    const [base, derived] = splitDerived(path);
    // Sigmas are numbers without a unit.
    return derived === '.sigmas' ? '' : (this.#scope.lookup.path(base)?.attribute.unit ?? '');
  }

  /** The states of an attribute are those of the tag that it is bound to. */
  readonly #stateCode: StateCodes = ({ kind, path }, name) => {
    const source = kind === 'attribute' ? this.#scope.lookup.path(path)?.attribute.source : undefined;
    const tag = source?.kind === 'tag' ? source.path : path;
    return this.#tags(tag)?.states?.find((state) => state.name === name)?.code;
  };
}

/** An attribute, and what a twin derives of it: `flow.sigmas` is how many sigmas the flow is from what it should be. */
function splitDerived(name: string): readonly [attribute: string, derived: string] {
  const match = /\.(?:expected|residual|sigmas)$/.exec(name);
  return match ? [name.slice(0, match.index), match[0]] : [name, ''];
}
