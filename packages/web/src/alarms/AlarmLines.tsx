/** The open alarms of an asset and of what is in it, in a few lines. */

import { formatSpan } from '../reading/span.ts';
import { alarmKey, alarmWords, listAlarms } from './alarmList.ts';
import { isAlarmOf } from './alarmPlace.ts';
import { isUnacknowledged, stateWords } from './alarmState.ts';
import { PriorityMark } from './PriorityMark.tsx';
import { useAlarms } from './useAlarms.ts';

const MOST_LINES = 8;

interface AlarmLinesProps {
  readonly path: string;
  readonly nowMs: number;
}

export function AlarmLines({ path, nowMs }: AlarmLinesProps) {
  const all = useAlarms('open').data?.alarms ?? [];
  const alarms = listAlarms(
    all.filter((alarm) => isAlarmOf(alarm, path)),
    { priority: undefined, text: '' },
  );
  return (
    <section className="panel" aria-label="Alarms of the asset">
      <div className="panel-head">
        <h2>Alarms</h2>
        <span className="panel-note">{alarms.length === 0 ? 'none is open' : `${alarms.length} open`}</span>
        <span className="spring" />
        <a href="#page=alarms">All alarms</a>
      </div>
      {alarms.length > 0 && (
        <ul className="alarm-lines">
          {alarms.slice(0, MOST_LINES).map((alarm) => {
            const { words, place } = alarmWords(alarm);
            const isNews = isUnacknowledged(alarm);
            return (
              <li key={alarmKey(alarm)} className={isNews ? 'news' : undefined}>
                <PriorityMark priority={alarm.priority} filled={isNews} />
                <span>
                  <span className="alarm-message">{words}</span> <span className="quiet-note">{place}</span>
                </span>
                <span>{stateWords(alarm, nowMs)}</span>
                <span>{formatSpan(nowMs - alarm.since / 1_000)}</span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
