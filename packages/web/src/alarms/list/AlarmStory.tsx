/** What has happened to an alarm, the newest first, with who did it and why. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatSince } from '../../reading/span.ts';
import { useAlarmStory } from '../useAlarms.ts';
import { valueText } from './AlarmTable.tsx';

interface AlarmStoryProps {
  readonly alarm: Alarm;
  readonly nowMs: number;
}

export function AlarmStory({ alarm, nowMs }: AlarmStoryProps) {
  const story = useAlarmStory(alarm.origin, alarm.name);
  const records = story.data?.records;
  return (
    <section aria-label="What has happened">
      <h3>What has happened</h3>
      {records === undefined ? (
        <p className="quiet-note">{story.failureReason ? story.failureReason.message : 'Loading…'}</p>
      ) : records.length === 0 ? (
        <p className="quiet-note">Nothing in the last 30 days.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
        <ol className="alarm-story" tabIndex={0}>
          {records.map(({ time, happening, value, unit, by, comment }) => (
            <li key={`${time} ${happening}`}>
              <time dateTime={new Date(time / 1_000).toISOString()}>{formatSince(time / 1_000, nowMs)}</time>
              <span>
                {happening.replaceAll('-', ' ')}
                {happening === 'activated' && value !== undefined && ` at ${valueText(value, unit)}`}
                {by !== undefined && ` by ${by}`}
                {comment !== undefined && <q>{comment}</q>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
