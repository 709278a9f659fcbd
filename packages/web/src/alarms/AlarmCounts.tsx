/** In the head of the console: how many alarms nobody has acknowledged, and a voice for those that are urgent. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../reading/number.ts';
import { newUrgent, spokenAlarms, unacknowledgedCounts } from './alarmList.ts';
import { PriorityMark } from './PriorityMark.tsx';
import { useAlarms } from './useAlarms.ts';

export function AlarmCounts() {
  const alarms = useAlarms('open').data?.alarms;
  const counts = unacknowledgedCounts(alarms ?? []).filter(([priority]) => priority !== 'journal');
  return counts.map(([priority, count]) => (
    <span key={priority} className="alarm-count">
      <PriorityMark priority={priority} silent />
      {formatCount(count)}
      <span className="visually-hidden"> {priority} not acknowledged</span>
    </span>
  ));
}

/** Says critical and high alarms as they come, on every page, without interrupting. */
export function AlarmVoice() {
  const alarms = useAlarms('open').data?.alarms;
  const before = useRef<readonly Alarm[]>(undefined);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!alarms) return;
    const news = before.current ? newUrgent(before.current, alarms) : [];
    before.current = alarms;
    if (news.length > 0) setSaid(spokenAlarms(news));
  }, [alarms]);
  return (
    <p className="visually-hidden" role="status" aria-label="New alarms">
      {said}
    </p>
  );
}
