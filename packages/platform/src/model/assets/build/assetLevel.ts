/** Which level of the hierarchy of IEC 62264-1 an asset has below another. */

import { ASSET_LEVELS, type AssetLevel } from '../assetModel.ts';

const RANKS: Readonly<Record<AssetLevel, number>> = {
  ...{ enterprise: 0, site: 1, area: 2, 'process-cell': 3, 'production-line': 3, 'production-unit': 3 },
  ...{ unit: 4, 'work-cell': 4, 'equipment-module': 5, 'control-module': 6, equipment: 7, component: 8 },
};
/** From modules on (IEC 61512-1, 5.2) a part may have parts of its own kind. */
const FIRST_NESTING_RANK = RANKS['equipment-module'];

/** The level where none is said: the next one down for a place, `equipment` for what has a type. */
export function defaultLevel(parent: AssetLevel | undefined, hasType: boolean): AssetLevel {
  if (parent === 'component') return 'component';
  if (hasType) return 'equipment';
  if (parent === undefined) return 'enterprise';
  const rank = RANKS[parent];
  if (rank < 2) return ASSET_LEVELS[rank + 1];
  return rank < RANKS.unit ? 'unit' : 'equipment';
}

export function mayContain(parent: AssetLevel, child: AssetLevel): boolean {
  const [above, below] = [RANKS[parent], RANKS[child]];
  return above < below || (above === below && above >= FIRST_NESTING_RANK);
}
