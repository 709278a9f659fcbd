/** Twins as they are listed, and one with everything that is known of it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import type { Asset, AssetModel } from '../../../model/assets/assetModel.ts';
import type { CellColumn } from '../../../model/twins/engine/cellDirectory.ts';
import type { ExpectedRows, TwinRows } from '../../../model/twins/engine/planTwins.ts';
import type { TwinEngine } from '../../../model/twins/engine/twinEngine.ts';
import { fitOf, parameterOf } from '../../../model/twins/twinTemplate.ts';
import type { Twin, TwinAttribute, TwinComparison, TwinList, TwinListQuery, TwinSummary } from '../../contract/twin.ts';
import { jsonValue } from '../../encoding/sampleJson.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';

interface TwinRow {
  readonly twins: TwinRows;
  readonly row: number;
  readonly asset: Asset;
}

export function listTwins(engine: TwinEngine, query: TwinListQuery): Outcome<TwinList> {
  const { model } = engine;
  const root = query.below === undefined ? undefined : (model.assets.get(query.below)?.path ?? query.below);
  const matching = [...rowsOf(engine)].filter((one) => isAsked(one, engine, query, root));
  const ordered = query.sort === 'path' ? matching.sort(byPath) : sorted(matching, engine, query.sort);
  const page = ordered.slice(query.offset, query.offset + query.limit);
  return answer({ twins: page.map((one) => summary(one, engine)), total: matching.length });
}

function* rowsOf({ twins, model }: TwinEngine): Generator<TwinRow, void, undefined> {
  for (const one of twins) {
    for (const [row, id] of one.assets.entries()) yield { twins: one, row, asset: model.assets.get(id)! };
  }
}

function isAsked(
  { twins, row, asset }: TwinRow,
  { columns, model }: TwinEngine,
  { type, mode }: TwinListQuery,
  root: string | undefined,
): boolean {
  if (root !== undefined && asset.path !== root && !asset.path.startsWith(`${root}/`)) return false;
  if (mode !== undefined && columns.valueAt(twins.mode.start + row) !== mode) return false;
  return type === undefined || asset.type === type || (model.types.get(asset.type!)?.lineage.includes(type) ?? false);
}

function byPath(a: TwinRow, b: TwinRow): number {
  return a.asset.path < b.asset.path ? -1 : 1;
}

/** By what the engine holds: the trust of the last ten seconds, and the residuals of now. */
function sorted(rows: readonly TwinRow[], engine: TwinEngine, by: 'trust' | 'residual'): TwinRow[] {
  const keyed = rows.map((one) => {
    const { twins, row } = one;
    const key =
      by === 'trust' ? engine.columns.values[twins.trust.start + row] : -Math.abs(worst(one, engine)?.sigmas ?? 0);
    return { one, key };
  });
  return keyed.sort((a, b) => a.key - b.key || byPath(a.one, b.one)).map(({ one }) => one);
}

function worst({ twins, row }: TwinRow, { columns }: TwinEngine): TwinSummary['worst'] {
  let found: TwinSummary['worst'] = null;
  for (const { template, sigmas } of twins.expected) {
    const value = numberAt(columns.valueAt(sigmas.start + row));
    if (value !== null && Math.abs(value) > Math.abs(found?.sigmas ?? 0)) {
      found = { attribute: template.attribute, sigmas: value };
    }
  }
  return found;
}

function summary(one: TwinRow, engine: TwinEngine): TwinSummary {
  const trust = engine.trustOf(one.twins, one.row);
  return { ...facts(one, engine), trust: trust.score, reason: trust.reasons[0] ?? null, worst: worst(one, engine) };
}

function facts({ twins, row, asset }: TwinRow, { columns }: TwinEngine) {
  const mode = columns.valueAt(twins.mode.start + row);
  return { id: asset.id, path: asset.path, type: asset.type!, mode: typeof mode === 'string' ? mode : null };
}

/** `name` is that of the asset, by path, id or a path that it had. */
export function readTwin(engine: TwinEngine, asset: Asset, now: Timestamp): Outcome<Twin> {
  const one = [...rowsOf(engine)].find((row) => row.asset.id === asset.id);
  if (!one) return refusal('twin.none', `There is no twin of ${asset.path}: its type has no template.`);
  const { twins, row } = one;
  const { template } = twins;
  const { score, ...parts } = engine.trustOf(twins, row);
  const columns = engine.directory.columnsOf(one.asset.id).filter(({ role }) => role !== 'parameter');
  const recent = engine.recentSigmas(twins, row);
  return answer({
    ...facts(one, engine),
    description: template.description,
    trust: { score, ...parts, reasons: [...parts.reasons] },
    attributes: columns.map((column) => attributeJson(engine, one, column, now)),
    comparisons: twins.expected.map((expected, at) => comparisonJson(engine, expected, row, recent[at])),
    parameters: parametersJson(one),
    relations: relationsJson(engine.model, one.asset),
  });
}

function attributeJson(
  engine: TwinEngine,
  { twins, asset }: TwinRow,
  column: CellColumn,
  now: Timestamp,
): TwinAttribute {
  const { columns, directory } = engine;
  const cell = directory.cellIn(column, asset.id);
  const time = Number.isFinite(columns.times[cell]) ? columns.times[cell] : null;
  const uncertainty = engine.uncertaintyOf(cell);
  const ageUs = time === null ? null : now - time;
  return {
    name: column.attribute,
    path: `${asset.path}/${column.attribute}`,
    role: column.role as TwinAttribute['role'],
    unit: column.unit,
    time,
    value: jsonValue(columns.valueAt(cell)),
    status: columns.statuses[cell],
    statusName: statusName(columns.statuses[cell]),
    ageUs,
    isStale: ageUs !== null && ageUs > twins.template.trust.staleAfterUs,
    uncertainty: Number.isFinite(uncertainty) ? uncertainty : null,
    violations: engine.violationsOf(cell),
  };
}

function comparisonJson(
  { columns }: TwinEngine,
  { template, actual, expected, residual, sigmas, sigma }: ExpectedRows,
  row: number,
  recent: number | undefined,
): TwinComparison {
  return {
    attribute: template.attribute,
    formula: template.formula.text,
    modes: template.modes ? [...template.modes] : null,
    actual: numberAt(columns.valueAt(actual[row])),
    expected: numberAt(columns.valueAt(expected.start + row)),
    residual: numberAt(columns.valueAt(residual.start + row)),
    sigma: Number.isNaN(sigma[row]) ? null : sigma[row],
    sigmas: numberAt(columns.valueAt(sigmas.start + row)),
    recentSigmas: recent ?? null,
  };
}

function parametersJson({ twins: { template }, asset }: TwinRow): Twin['parameters'] {
  const fit = fitOf(template, asset.id);
  return [...template.parameters].map(([name, { unit, description }]) => ({
    ...{ name, unit, description },
    value: parameterOf(template, asset.id, name) ?? null,
    uncertainty: fit?.parameters.get(name)?.uncertainty ?? null,
    isFitted: fit?.parameters.has(name) ?? false,
  }));
}

function relationsJson({ relations, assets }: AssetModel, { id }: Asset): Twin['relations'] {
  return relations.flatMap(({ kind, from, to }): Twin['relations'] => {
    if (from === id) return [{ kind, direction: 'to', path: assets.get(to)!.path }];
    return to === id ? [{ kind, direction: 'from', path: assets.get(from)!.path }] : [];
  });
}

function numberAt(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
