/** The alarms as rows: priority, what is wrong and where, how it stands, since when, and by how much. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { type KeyboardEvent, memo, useEffect, useMemo, useRef } from 'react';
import { formatGiven, formatNumber } from '../../reading/number.ts';
import { formatAge, formatSince } from '../../reading/span.ts';
import { formatUnit } from '../../reading/unit.ts';
import { alarmKey, alarmWords } from '../alarmList.ts';
import { isOperatedHere, isUnacknowledged, stateWords } from '../alarmState.ts';
import { PriorityMark } from '../PriorityMark.tsx';

interface AlarmTableProps {
  readonly alarms: readonly Alarm[];
  readonly activeKey: string | undefined;
  readonly selected: ReadonlySet<string>;
  readonly nowMs: number;
  readonly onActive: (key: string) => void;
  readonly onOpen: (key: string) => void;
  readonly onSelect: (key: string) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

const COLUMNS = ['Priority', 'Alarm', 'State', 'Since', 'Value', 'Limit', 'Origin'];

export function AlarmTable(props: AlarmTableProps) {
  const { alarms, activeKey, selected, nowMs, onKey } = props;
  const actions = useRowActions(props);
  const grid = useRef<HTMLTableElement>(null);
  const isFocused = useRef(false);
  useEffect(() => {
    // The focus follows the active row, also where the row that had it has gone, but is never taken from elsewhere.
    const { activeElement } = document;
    const isFree = activeElement === document.body || grid.current?.contains(activeElement);
    if (activeKey === undefined || !isFocused.current || !isFree) return;
    grid.current?.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
  }, [activeKey]);
  return (
    <div className="alarm-table">
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are moved among with the arrow keys
        role="grid"
        aria-multiselectable="true"
        aria-label="List of alarms"
        aria-rowcount={alarms.length + 1}
        onKeyDown={onKey}
        onFocus={() => {
          isFocused.current = true;
        }}
        onBlur={({ relatedTarget, currentTarget }) => {
          if (relatedTarget && !currentTarget.contains(relatedTarget)) isFocused.current = false;
        }}
      >
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Chosen</span>
            </th>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={name === 'Value' || name === 'Limit' ? 'number' : undefined}>
                {name === 'Priority' ? <span className="visually-hidden">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {alarms.map((alarm) => {
            const key = alarmKey(alarm);
            return (
              <AlarmRow
                key={key}
                alarm={alarm}
                isActive={key === activeKey}
                isSelected={selected.has(key)}
                state={stateWords(alarm, nowMs)}
                age={formatAge(nowMs - alarm.since / 1_000)}
                since={formatSince(alarm.since / 1_000, nowMs)}
                actions={actions}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RowActions {
  readonly onActive: (key: string) => void;
  readonly onOpen: (key: string) => void;
  readonly onSelect: (key: string) => void;
}

/** The same object from one drawing to the next, so that rows in which nothing has changed are not drawn again. */
function useRowActions(props: RowActions): RowActions {
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  return useMemo(
    () => ({
      onActive: (key) => latest.current.onActive(key),
      onOpen: (key) => latest.current.onOpen(key),
      onSelect: (key) => latest.current.onSelect(key),
    }),
    [],
  );
}

interface AlarmRowProps {
  readonly alarm: Alarm;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly state: string;
  readonly age: string;
  readonly since: string;
  readonly actions: RowActions;
}

const AlarmRow = memo(function AlarmRow({ alarm, isActive, isSelected, state, age, since, actions }: AlarmRowProps) {
  const { name, origin, priority, active, comment } = alarm;
  const key = alarmKey(alarm);
  const isNews = isUnacknowledged(alarm);
  const { place, words } = alarmWords(alarm);
  return (
    <tr
      className={`${isNews ? 'news' : ''}${active ? '' : ' gone'}`}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      onFocus={() => actions.onActive(key)}
      onClick={() => actions.onOpen(key)}
    >
      <td className="alarm-choice">
        {isOperatedHere(alarm) && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Choose ${name}`}
            checked={isSelected}
            onClick={(event) => event.stopPropagation()}
            onChange={() => actions.onSelect(key)}
          />
        )}
      </td>
      <td className="alarm-priority">
        <PriorityMark priority={priority} filled={isNews} />
      </td>
      <th scope="row" className="alarm-what" title={name}>
        <span className="alarm-message">{words}</span>
        <span className="alarm-place">{place}</span>
      </th>
      <td className="alarm-state" title={comment}>
        {state}
      </td>
      <td className="alarm-since" title={since}>
        {age}
      </td>
      <td className="number alarm-value">{valueText(alarm.value, alarm.unit)}</td>
      <td className="number alarm-limit">{limitText(alarm.limit, alarm.unit)}</td>
      <td className="alarm-origin">{origin}</td>
    </tr>
  );
});

export function valueText(value: number | string | undefined, unit = ''): string {
  if (value === undefined) return '';
  return `${typeof value === 'number' ? formatNumber(value) : value} ${formatUnit(unit)}`.trim();
}

/** A limit has the digits with which it was written. */
export function limitText(limit: number | undefined, unit = ''): string {
  return limit === undefined ? '' : `${formatGiven(limit)} ${formatUnit(unit)}`.trim();
}
