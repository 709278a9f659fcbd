/** By which law cycles wear a part, as a person states it; every number of it is in the document of a model. */

import type { SnCurve } from './damage.ts';
import type { SolderTest } from './solderFatigue.ts';

export type FatigueLaw =
  | {
      readonly kind: 'solder';
      readonly alloy: 'tin-lead' | 'tin-silver-copper';
      readonly test: SolderTest;
      readonly lifeScatter: number;
    }
  | { readonly kind: 's-n'; readonly curve: SnCurve; readonly lifeScatter: number };
