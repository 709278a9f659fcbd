/** Makes the lives of a fleet of what is written: its members found, and what is said of them checked against their watches. */

import { createHash } from 'node:crypto';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { Asset } from '../../../model/assets/assetModel.ts';
import type { AssetScope } from '../../../model/assets/assetScope.ts';
import type { ModelDefects, PlaceFinder } from '../../../model/assets/text/modelDefects.ts';
import type { FleetLife, FleetMember, LifeRecord } from './fleetLife.ts';
import type { HealthWatch } from './healthWatch.ts';
import type { LifeText } from './lifeText.ts';

/** Raised when estimates come out otherwise though no definition has changed. */
const METHOD = 1;
const DIGITS = 12;

export class LifeMaker {
  readonly #scope: AssetScope;
  readonly #watches: ReadonlyMap<string, HealthWatch>;
  readonly #defects: ModelDefects;

  /** `watches` are all of the model, by id. */
  constructor(scope: AssetScope, watches: ReadonlyMap<string, HealthWatch>, defects: ModelDefects) {
    this.#scope = scope;
    this.#watches = watches;
    this.#defects = defects;
  }

  /** `undefined` where nobody is left whose lives could be told, which has been said. */
  make(said: LifeText, placeOf: PlaceFinder): FleetLife | undefined {
    const fleet = this.#fleetOf(said, placeOf);
    const [first] = fleet;
    if (!first) return undefined;
    const features = first.watch.features.map(({ name }) => name);
    const failures = first.watch.failures.map(({ name }) => name);
    const isKnown = [
      this.#isOneOf(said.failure, failures, 'failure', said, ['failure'], placeOf),
      ...said.settings.map((setting, at) =>
        this.#isOneOf(setting, features, 'feature', said, ['settings', at], placeOf),
      ),
      this.#isWhole(said, first.watch, placeOf),
    ];
    if (!isKnown.every(Boolean)) return undefined;
    const members = fleet.map(({ asset, watch }): FleetMember => {
      return { asset: asset.id, assetPath: asset.path, watch: watch.id };
    });
    const { name, type, description, failure, settings } = said;
    const signals = features.filter((feature) => !settings.includes(feature));
    const [cycleUs, horizonUs] = [said.cycle, said.horizon].map((ms) => ms * US_PER_MS);
    const versions = [...new Set(fleet.map(({ watch }) => watch.featureVersion))].sort();
    const numbers = [METHOD, cycleUs, horizonUs, signals, settings, versions];
    return {
      ...{ name, type, description, members, failure, cycleUs, horizonUs, signals, settings },
      records: this.#records(said, members, placeOf),
      version: createHash('sha256').update(JSON.stringify(numbers)).digest('hex').slice(0, DIGITS),
      place: placeOf([]),
    };
  }

  /** Assets with the watch, by path; all of them see the same. */
  #fleetOf(said: LifeText, placeOf: PlaceFinder): readonly { asset: Asset; watch: HealthWatch }[] {
    const assets = this.#scope.assetsOf({ type: said.type }, placeOf) ?? [];
    const watched = assets.flatMap((asset) => {
      const watch = this.#watches.get(`${asset.id}/${said.watch}`);
      if (!watch)
        this.#defects.addOf(asset.path, placeOf(['watch']), `there is no watch "${said.watch}" of this asset`);
      return watch ? [{ asset, watch }] : [];
    });
    const fleet = watched.sort((a, b) => (a.asset.path < b.asset.path ? -1 : 1));
    const seen = fleet.length > 0 ? seenBy(fleet[0].watch) : '';
    return fleet.filter(({ asset, watch }) => {
      if (seenBy(watch) === seen) return true;
      const hint = `its watch has features, units or intervals of its own; those of ${fleet[0].asset.path} count`;
      this.#defects.addOf(asset.path, placeOf(['watch']), 'is not watched as the others of the fleet are', hint);
      return false;
    });
  }

  #isOneOf(word: string, all: readonly string[], what: string, said: LifeText, field: DataPath, placeOf: PlaceFinder) {
    if (all.includes(word)) return true;
    const nearest = nearestWord(word, [...all]);
    const hint = nearest && `did you mean "${nearest}"?`;
    this.#defects.add(placeOf(field), `the watch "${said.watch}" has no ${what} "${word}"`, hint);
    return false;
  }

  #isWhole({ cycle }: LifeText, { intervalUs }: HealthWatch, placeOf: PlaceFinder): boolean {
    if ((cycle * US_PER_MS) % intervalUs === 0) return true;
    this.#defects.add(placeOf(['cycle']), 'is not a whole number of intervals of the watch', '`every` of the watch');
    return false;
  }

  /** In the order of time, without those that overlap another of the same asset. */
  #records({ records }: LifeText, members: readonly FleetMember[], placeOf: PlaceFinder): readonly LifeRecord[] {
    const found: LifeRecord[] = [];
    for (const [at, { asset: name, ...said }] of records.entries()) {
      const place = (path: DataPath) => placeOf(['records', at, ...path]);
      const asset = this.#scope.lookup.asset(name);
      const member = members.find((one) => one.asset === asset?.id);
      if (!member) {
        const nearest = nearestWord(
          name,
          members.map(({ assetPath }) => assetPath),
        );
        const hint = nearest && `did you mean "${nearest}"?`;
        this.#defects.add(place(['asset']), `there is no "${name}" in this fleet`, hint);
        continue;
      }
      const record = { asset: member.asset, from: said.from, to: said.to, ended: said.ended };
      if (found.some((other) => other.asset === record.asset && overlap(other, record))) {
        this.#defects.add(
          place([]),
          `overlaps another life of "${member.assetPath}"`,
          'a life begins when the last has ended',
        );
      } else found.push(record);
    }
    return found.sort((a, b) => orderOf(a) - orderOf(b));
  }
}

/** Watches of one name may be of several entries. */
function seenBy({ intervalUs, features, failures }: HealthWatch): string {
  const names = failures.map(({ name }) => name);
  return JSON.stringify([intervalUs, names, features.map(({ name, unit, measure }) => [name, unit, measure])]);
}

/** A beginning or an end that nobody knows is no other life's. */
function overlap(a: LifeRecord, b: LifeRecord): boolean {
  const [first, second] = orderOf(a) <= orderOf(b) ? [a, b] : [b, a];
  return (first.to ?? Number.POSITIVE_INFINITY) > (second.from ?? orderOf(second));
}

function orderOf({ from, to }: LifeRecord): number {
  return from ?? (to ?? 0) - 1;
}
