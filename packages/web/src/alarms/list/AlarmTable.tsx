/** The alarms as rows: priority, what is wrong and where, how it stands, since when, and by how much. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import type { KeyboardEvent } from 'react';
import { useEffect, useRef } from 'react';
import { formatGiven, formatNumber } from '../../reading/number.ts';
import { formatSince, formatSpan } from '../../reading/span.ts';
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
  const { alarms, activeKey, selected, nowMs, onActive, onOpen, onSelect, onKey } = props;
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
                nowMs={nowMs}
                onActive={() => onActive(key)}
                onOpen={() => onOpen(key)}
                onSelect={() => onSelect(key)}
              />
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface AlarmRowProps {
  readonly alarm: Alarm;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly nowMs: number;
  readonly onActive: () => void;
  readonly onOpen: () => void;
  readonly onSelect: () => void;
}

function AlarmRow({ alarm, isActive, isSelected, nowMs, onActive, onOpen, onSelect }: AlarmRowProps) {
  const { name, origin, priority, since, active, comment } = alarm;
  const isNews = isUnacknowledged(alarm);
  const { place, words } = alarmWords(alarm);
  const sinceMs = since / 1_000;
  return (
    <tr
      className={`${isNews ? 'news' : ''}${active ? '' : ' gone'}`}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      onFocus={onActive}
      onClick={onOpen}
    >
      <td className="alarm-choice">
        {isOperatedHere(alarm) && (
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Choose ${name}`}
            checked={isSelected}
            onClick={(event) => event.stopPropagation()}
            onChange={onSelect}
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
        {stateWords(alarm, nowMs)}
      </td>
      <td className="alarm-since" title={formatSince(sinceMs, nowMs)}>
        {formatSpan(nowMs - sinceMs)}
      </td>
      <td className="number alarm-value">{valueText(alarm.value, alarm.unit)}</td>
      <td className="number alarm-limit">{limitText(alarm.limit, alarm.unit)}</td>
      <td className="alarm-origin">{origin}</td>
    </tr>
  );
}

export function valueText(value: number | string | undefined, unit = ''): string {
  if (value === undefined) return '';
  return `${typeof value === 'number' ? formatNumber(value) : value} ${formatUnit(unit)}`.trim();
}

/** A limit has the digits with which it was written. */
export function limitText(limit: number | undefined, unit = ''): string {
  return limit === undefined ? '' : `${formatGiven(limit)} ${formatUnit(unit)}`.trim();
}
