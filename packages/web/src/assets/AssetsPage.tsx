/** The page of the assets: the tree on the left, the asset that is chosen beside it. */

import { useDeferredValue, useMemo, useState } from 'react';
import { worstPriorities } from '../alarms/alarmPlace.ts';
import { useAlarms } from '../alarms/useAlarms.ts';
import type { Choice } from '../console/choice.ts';
import { formatCount } from '../reading/number.ts';
import { AssetPanel } from './AssetPanel.tsx';
import { AssetTree } from './AssetTree.tsx';
import { searchAssets } from './assetTree.ts';
import { useAssetList } from './useAssets.ts';

interface AssetsPageProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function AssetsPage({ nowMs, choice, onChange }: AssetsPageProps) {
  const { asset: chosen, at } = choice;
  const list = useAssetList(at);
  const alarms = useAlarms('open').data?.alarms;
  const [text, setText] = useState('');
  const search = useDeferredValue(text);
  const worst = useMemo(() => worstPriorities(alarms ?? []), [alarms]);
  const assets = list.data;
  const found = useMemo(() => (assets ? searchAssets(assets, search).length : 0), [assets, search]);
  const shown = chosen ?? assets?.find(({ parent }) => parent === null)?.id;
  return (
    <>
      <section className="panel tags" aria-label="Assets">
        <div className="panel-head">
          <h2>Assets</h2>
          <span className="panel-note" role="status">
            {assets && formatCount(assets.length)}
          </span>
        </div>
        <input
          type="search"
          className="filter"
          placeholder="Search by path, type, description"
          aria-label="Search assets by path, id, type or description"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {assets && found > 0 ? (
          <AssetTree
            assets={assets}
            search={search}
            chosen={shown}
            alarms={worst}
            onChoose={({ path }) => onChange({ asset: path })}
          />
        ) : (
          <p className="notice" role={list.failureReason && !assets ? 'alert' : undefined}>
            {assets === undefined
              ? (list.failureReason?.message ?? 'Loading the assets…')
              : assets === null
                ? 'No model of the plant.'
                : `No asset matches “${search.trim()}”.`}
          </p>
        )}
      </section>
      <main className="asset-page">
        {assets === null ? (
          <section className="panel">
            <p className="notice">
              {at === undefined
                ? 'No model of the plant has been applied. Write one (docs/model.md), or make a first draft from a list of tags ' +
                  'with `tidegate model propose`; look at it with `tidegate model plan DIR`, and apply it with `tidegate ' +
                  'model apply DIR --by NAME`.'
                : 'No model of the plant held at that time.'}
            </p>
            {at !== undefined && (
              <p className="notice">
                <button type="button" onClick={() => onChange({ at: undefined })}>
                  Show now
                </button>
              </p>
            )}
          </section>
        ) : (
          shown !== undefined && <AssetPanel name={shown} nowMs={nowMs} choice={choice} onChange={onChange} />
        )}
      </main>
    </>
  );
}
