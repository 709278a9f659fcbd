/** The first page: tags on the left, the trend in the centre, the boundary under it. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { BoundaryPanel } from '../boundary/BoundaryPanel.tsx';
import { useLink, useLive } from '../live/useLive.ts';
import { fetchSeries, fetchTags } from '../server/api.ts';
import { TagPanel } from '../tags/TagPanel.tsx';
import { Trend } from '../trends/Trend.tsx';
import { MAX_TRACES, Traces } from '../trends/traces.ts';
import type { Choice } from './choice.ts';

/** Shown to someone who comes for the first time, so that the page is not empty: what is needed now comes first. */
const FIRST_TAGS = 3;
const isOperational = ({ lane }: Tag) => lane === 'operational';
/** A gateway that connects may bring new tags. */
const TAGS_EVERY_MS = 15_000;

interface TrendPageProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function TrendPage({ nowMs, choice, onChange }: TrendPageProps) {
  const live = useLive();
  const link = useLink();
  const { system, tags: chosen, windowMs } = choice;
  const tags = useQuery({
    queryKey: ['tags', system],
    queryFn: ({ signal }) => fetchTags(system ? 'all' : 'plant', signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.length ? TAGS_EVERY_MS : 2_000),
  });
  const [said, setSaid] = useState('');
  const [traces] = useState(() => new Traces(fetchSeries, windowMs, live.nowMs));

  const byIndex = useMemo(() => new Map(tags.data?.map((tag) => [tag.index, tag])), [tags.data]);
  const shown = useMemo(() => {
    if (chosen) return chosen.flatMap((index) => byIndex.get(index) ?? []);
    const numbers = tags.data?.filter(({ type }) => type === 'number') ?? [];
    return [...numbers.filter(isOperational), ...numbers.filter((tag) => !isOperational(tag))].slice(0, FIRST_TAGS);
  }, [chosen, byIndex, tags.data]);
  const shownIndexes = useMemo(() => new Set(shown.map(({ index }) => index)), [shown]);

  useEffect(() => traces.choose(shown), [traces, shown]);
  useEffect(() => () => traces.choose([]), [traces]);
  useEffect(
    () => live.onRows((rows) => (rows.skipped > 0 ? traces.takeSome(rows) : traces.take(rows))),
    [live, traces],
  );
  useReloadAfterLoss(link.kind, traces);

  const remove = useCallback(
    (index: number) => onChange({ tags: shown.map((tag) => tag.index).filter((other) => other !== index) }),
    [shown, onChange],
  );
  const setWindow = useCallback((windowMs: Choice['windowMs']) => onChange({ windowMs }), [onChange]);
  const toggle = (tag: Tag) => {
    if (shownIndexes.has(tag.index)) {
      remove(tag.index);
      setSaid(`${tag.path} is no longer in the trend.`);
    } else if (shown.length >= MAX_TRACES) {
      setSaid(`The trend holds ${MAX_TRACES} tags. Remove one of them first.`);
    } else {
      onChange({ tags: [...shown.map(({ index }) => index), tag.index] });
      setSaid(`${tag.path} is in the trend.`);
    }
  };
  return (
    <>
      <TagPanel
        tags={tags.data}
        fault={tags.failureReason?.message}
        chosen={shownIndexes}
        maxChosen={MAX_TRACES}
        system={system}
        onSystem={(shown) => onChange({ system: shown })}
        onToggle={toggle}
      />
      <main>
        <Trend traces={traces} windowMs={windowMs} onWindow={setWindow} onRemove={remove} />
        <BoundaryPanel nowMs={nowMs} />
      </main>
      <p className={`said${shown.length >= MAX_TRACES && said.startsWith('The trend') ? ' shown' : ''}`} role="status">
        {said}
      </p>
    </>
  );
}

/** While the connection was lost live samples were missed: the history has them. */
function useReloadAfterLoss(kind: 'connecting' | 'live' | 'lost', traces: Traces): void {
  const wasLost = useRef(false);
  useEffect(() => {
    if (kind === 'lost') wasLost.current = true;
    if (kind === 'live' && wasLost.current) {
      wasLost.current = false;
      traces.reload();
    }
  }, [kind, traces]);
}
