/** The state of a watch, how far learning is, and why nothing is judged where nothing is. */

import type { HealthWatch } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { VerdictMark } from '../../boundary/VerdictMark.tsx';
import { standingOf } from './watchWords.ts';

export function WatchState({ watch }: { readonly watch: HealthWatch }) {
  const { why, progress } = watch;
  const { state, text } = standingOf(watch);
  return (
    <span className="watch-state">
      <VerdictMark state={state}>{text}</VerdictMark>
      {progress !== null && (
        <progress value={progress} aria-label={`${text}: ${Math.round(progress * 100)} %`}>
          {Math.round(progress * 100)} %
        </progress>
      )}
      {why !== null && <span className="quiet-note">{why}</span>}
    </span>
  );
}
