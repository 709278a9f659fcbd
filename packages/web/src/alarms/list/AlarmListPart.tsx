/** The alarms as they stand, with what is done about them. */

import type { AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Alarm, AlarmList } from '@tidegate/platform/northbound/contract/alarm.ts';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { formatCount } from '../../reading/number.ts';
import {
  type AlarmFilter,
  alarmKey,
  countPriorities,
  listAlarms,
  SHOWN_ALARMS,
  type ShownAlarms,
} from '../alarmList.ts';
import { isOperatedHere, operationsOf } from '../alarmState.ts';
import { OperationDialog } from '../OperationDialog.tsx';
import { PriorityMark } from '../PriorityMark.tsx';
import { useAlarms } from '../useAlarms.ts';
import { type Operations, useOperations } from '../useOperations.ts';
import { AlarmDetail } from './AlarmDetail.tsx';
import { AlarmTable } from './AlarmTable.tsx';
import { ALARM_KEYS, alarmMove } from './alarmKeys.ts';
import { OutcomeNotice } from './OutcomeNotice.tsx';

/** More rows than this nobody reads; the filter finds the others. */
const MOST_ROWS = 500;
const NO_ALARMS: readonly Alarm[] = [];

export function AlarmListPart({ nowMs }: { readonly nowMs: number }) {
  const [show, setShow] = useState<ShownAlarms>('open');
  const [filter, setFilter] = useState<AlarmFilter>({ priority: undefined, text: '' });
  const { data, failureReason } = useAlarms(show);
  const operations = useOperations();
  const search = useSearchKey();
  const all = data?.alarms ?? NO_ALARMS;
  const listed = listAlarms(all, filter);
  const shown = listed.slice(0, MOST_ROWS);
  const rows = useRows(shown, operations);
  return (
    <div className={`alarm-list${rows.opened ? ' with-detail' : ''}`}>
      <section className="panel alarms" aria-label="Alarms">
        <Toolbar data={data} show={show} onShow={setShow} filter={filter} onFilter={setFilter} search={search} />
        <Actions
          counts={data?.counts}
          alarms={shown}
          chosen={rows.chosen}
          operations={operations}
          onClear={rows.clear}
        />
        <OutcomeNotice operations={operations} />
        {shown.length > 0 ? (
          <AlarmTable alarms={shown} nowMs={nowMs} {...rows.table} />
        ) : (
          <AlarmNotice data={data} fault={failureReason?.message} show={show} />
        )}
        <p className="alarm-foot">
          <span role="status">
            {listed.length > MOST_ROWS && `${MOST_ROWS} of ${formatCount(listed.length)} shown: narrow them down. `}
          </span>
          <span className="alarm-keys">
            {ALARM_KEYS.map(([key, meaning]) => (
              <span key={key}>
                <kbd>{key}</kbd> {meaning}
              </span>
            ))}
          </span>
        </p>
      </section>
      {rows.opened && (
        <AlarmDetail
          key={alarmKey(rows.opened)}
          alarm={rows.opened}
          nowMs={nowMs}
          operations={operations}
          onClose={rows.close}
        />
      )}
      {operations.asking && (
        <OperationDialog
          intent={operations.asking}
          person={operations.person}
          onRun={operations.run}
          onCancel={operations.cancel}
        />
      )}
    </div>
  );
}

/** Which row is active, which are chosen, and whether the active one is open in full. */
function useRows(shown: readonly Alarm[], operations: Operations) {
  const [activeKey, setActiveKey] = useState<string>();
  const [isOpen, setIsOpen] = useState(false);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const place = useRef(0);
  const found = shown.findIndex((alarm) => alarmKey(alarm) === activeKey);
  // Where the active alarm has gone, the one that has taken its place is active.
  const active = found >= 0 ? found : Math.max(0, Math.min(place.current, shown.length - 1));
  useEffect(() => {
    place.current = active;
  }, [active]);
  const chosen = shown.filter((alarm) => selected.has(alarmKey(alarm)));
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    setSelected(next);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const alarm = shown[active];
    const move = alarmMove(event.key, active, shown.length);
    if (!move || !alarm) return;
    event.preventDefault();
    if (move.kind === 'go') setActiveKey(alarmKey(shown[move.row]));
    else if (move.kind === 'operate') operations.start(move.operation, chosen.length > 0 ? chosen : [alarm]);
    else if (move.kind === 'select') isOperatedHere(alarm) && toggle(alarmKey(alarm));
    else setIsOpen(move.kind === 'open');
  };
  const current = shown[active] && alarmKey(shown[active]);
  return {
    chosen,
    opened: isOpen && found >= 0 ? shown[found] : undefined,
    close: () => setIsOpen(false),
    clear: () => setSelected(new Set()),
    table: {
      activeKey: current,
      selected,
      onActive: setActiveKey,
      onOpen: (key: string) => {
        setActiveKey(key);
        setIsOpen(true);
      },
      onSelect: toggle,
      onKey,
    },
  };
}

/** The slash goes to the search from anywhere on the page where nothing is being written. */
function useSearchKey(): RefObject<HTMLInputElement | null> {
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isWriting = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (event.key !== '/' || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  return search;
}

const SHOW_WORDS: Readonly<Record<ShownAlarms, string>> = { open: 'Open', quiet: 'Kept quiet', all: 'All' };

interface ToolbarProps {
  readonly data: AlarmList | undefined;
  readonly show: ShownAlarms;
  readonly onShow: (show: ShownAlarms) => void;
  readonly filter: AlarmFilter;
  readonly onFilter: (filter: AlarmFilter) => void;
  readonly search: RefObject<HTMLInputElement | null>;
}

function Toolbar({ data, show, onShow, filter, onFilter, search }: ToolbarProps) {
  const count = (of: ShownAlarms) => {
    if (!data) return '';
    return of === 'open' ? '' : formatCount(of === 'quiet' ? data.counts.quiet : data.counts.all);
  };
  const togglePriority = (priority: AlarmPriority) =>
    onFilter({ ...filter, priority: filter.priority === priority ? undefined : priority });
  return (
    <div className="panel-head">
      <fieldset className="segments">
        <legend className="visually-hidden">Which alarms</legend>
        {SHOWN_ALARMS.map((name) => (
          <button key={name} type="button" aria-pressed={show === name} onClick={() => onShow(name)}>
            {SHOW_WORDS[name]} {count(name)}
          </button>
        ))}
      </fieldset>
      <fieldset className="priority-filter">
        <legend className="visually-hidden">Of which priority</legend>
        {countPriorities(data?.alarms ?? NO_ALARMS).map(([priority, number]) => (
          <button
            key={priority}
            type="button"
            aria-pressed={filter.priority === priority}
            onClick={() => togglePriority(priority)}
          >
            <PriorityMark priority={priority} /> {formatCount(number)}
          </button>
        ))}
      </fieldset>
      <span className="spring" />
      <input
        ref={search}
        type="search"
        className="filter"
        placeholder="Search (/)"
        aria-label="Search alarms by name, message, state or origin"
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
      />
    </div>
  );
}

interface ActionsProps {
  readonly counts: AlarmList['counts'] | undefined;
  readonly alarms: readonly Alarm[];
  readonly chosen: readonly Alarm[];
  readonly operations: Operations;
  readonly onClear: () => void;
}

function Actions({ counts, alarms, chosen, operations, onClear }: ActionsProps) {
  const acknowledgeable = alarms.filter((alarm) => operationsOf(alarm).includes('acknowledge'));
  const { person, isBusy, start } = operations;
  return (
    <div className="alarm-actions">
      {chosen.length > 0 ? (
        <>
          <span>{formatCount(chosen.length)} chosen</span>
          <button type="button" disabled={isBusy} onClick={() => start('acknowledge', chosen)}>
            Acknowledge
          </button>
          <button type="button" disabled={isBusy} onClick={() => start('shelve', chosen)}>
            Shelve…
          </button>
          <button type="button" disabled={isBusy} onClick={() => start('remove-from-service', chosen)}>
            Out of service…
          </button>
          <button type="button" onClick={onClear}>
            Choose none
          </button>
        </>
      ) : (
        <button
          type="button"
          disabled={isBusy || acknowledgeable.length === 0}
          onClick={() => start('acknowledge', acknowledgeable)}
        >
          Acknowledge all shown{acknowledgeable.length > 0 && ` (${formatCount(acknowledgeable.length)})`}
        </button>
      )}
      <span className="panel-note">
        {counts && `${formatCount(counts.unacknowledged)} not acknowledged, ${formatCount(counts.active)} active`}
      </span>
      <span className="spring" />
      <label className="person">
        as
        <input
          aria-label="Your name, for the record"
          placeholder="your name"
          defaultValue={person}
          key={person}
          maxLength={200}
          onBlur={(event) => operations.setPerson(event.target.value.trim())}
        />
      </label>
    </div>
  );
}

interface AlarmNoticeProps {
  readonly data: AlarmList | undefined;
  readonly fault: string | undefined;
  readonly show: ShownAlarms;
}

function AlarmNotice({ data, fault, show }: AlarmNoticeProps) {
  if (!data) {
    return fault ? (
      <p className="notice" role="alert">
        The alarms could not be loaded. {fault} Trying again by itself.
      </p>
    ) : (
      <p className="notice">Loading the alarms…</p>
    );
  }
  if (data.counts.all === 0) {
    return (
      <p className="notice">
        There are no alarms. Write them into `alarms/*.yaml` of the model and apply it with `tidegate model apply`, or
        into gateway.yaml for those that must work without this server.
      </p>
    );
  }
  if (data.alarms.length > 0) return <p className="notice">No alarm matches.</p>;
  if (show === 'open')
    return <p className="notice">No alarm needs anybody: none is active, and all are acknowledged.</p>;
  return <p className="notice">No alarm is shelved, suppressed by design or out of service.</p>;
}
