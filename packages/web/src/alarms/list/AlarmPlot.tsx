/** What the alarm watches, around the moment at which it came last, against its limit. */

import { useQuery } from '@tanstack/react-query';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatChoice } from '../../console/choice.ts';
import { plotValues } from '../../plot/plotPath.ts';
import { TimePlot } from '../../plot/TimePlot.tsx';
import { fetchSubject, findSubject } from '../../server/subjectApi.ts';
import { useAlarmStory } from '../useAlarms.ts';
import { limitText } from './AlarmTable.tsx';
import { alarmSpan, lastActivation } from './alarmSpan.ts';

const PLOT_PIXELS = 600;
const HOUR_MS = 3_600_000;
const RELOAD_MS = 15_000;

interface AlarmPlotProps {
  readonly alarm: Alarm;
  readonly nowMs: number;
}

export function AlarmPlot({ alarm, nowMs }: AlarmPlotProps) {
  const { name, subject, limit, unit, since } = alarm;
  const records = useAlarmStory(alarm.origin, name).data?.records ?? [];
  const aroundUs = lastActivation(records) ?? since;
  const watched = useQuery({
    queryKey: ['alarm-subject', subject?.path ?? name],
    queryFn: ({ signal }) => findSubject(name, subject, signal),
    staleTime: HOUR_MS,
  });
  const found = watched.data;
  const series = useQuery({
    queryKey: ['alarm-plot', found?.path, aroundUs],
    enabled: found !== undefined && found !== null,
    refetchInterval: RELOAD_MS,
    queryFn: async ({ signal }) => {
      const span = alarmSpan(aroundUs / 1_000, nowMs);
      return { span, column: await fetchSubject(found!, span, PLOT_PIXELS, signal) };
    },
  });
  if (found === null) return null;
  if (!found || !series.data) {
    const fault = watched.failureReason ?? series.failureReason;
    return <p className="quiet-note">{fault ? fault.message : 'Loading what it watches…'}</p>;
  }
  const { span, column } = series.data;
  return (
    <section aria-label="What it watches">
      <h3>
        {found.path}
        {found.tag !== undefined && (
          <a href={formatChoice({ page: 'trend', system: false, tags: [found.tag], windowMs: HOUR_MS })}>Trend</a>
        )}
      </h3>
      <TimePlot
        label={`${found.path} around the alarm`}
        lines={[
          {
            name: 'value',
            look: 'actual',
            times: column.times,
            values: plotValues(column.values),
            stepped: found.stepped,
          },
        ]}
        startMs={span[0]}
        endMs={span[1]}
        unit={unit}
        rules={limit === undefined ? [] : [{ value: limit, name: `limit ${limitText(limit, unit)}` }]}
        marks={[{ timeUs: aroundUs, name: 'it came' }]}
      />
    </section>
  );
}
