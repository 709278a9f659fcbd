/** The accounts of the plant, as the model that holds asks for them. */

import type { AppliedModel, ModelStore } from '../../model/assets/modelStore.ts';
import type { AttributeSamples } from './keepAccounts.ts';
import { type LoadedAccounts, loadAccounts } from './loadAccounts.ts';

type Accounts = Pick<LoadedAccounts, 'machines' | 'energy'>;

const NONE: Accounts = { machines: new Map(), energy: [] };

export class PlantAccounts {
  /** What they are reckoned from. */
  readonly samples: AttributeSamples;
  readonly #model: ModelStore;
  #loaded: { readonly of: AppliedModel; readonly accounts: Accounts } | undefined;

  /** A model whose accounts have defects is refused from now on. */
  constructor(model: ModelStore, samples: AttributeSamples) {
    this.#model = model;
    this.samples = samples;
    model.addCheck((texts, drafted) => loadAccounts(texts, drafted).defects);
  }

  /** As the model has them now; what is wrong of them is left out. */
  current(): Accounts {
    const of = this.#model.current();
    if (!of) return NONE;
    if (this.#loaded?.of !== of) this.#loaded = { of, accounts: loadAccounts(of.texts, of.model) };
    return this.#loaded.accounts;
  }
}
