/** The signed ledger as strips of minutes, one cell a minute; arrow keys go from cell to cell, and one is told in words. */

import type { LedgerMinute } from '@tidegate/platform/northbound/contract/accounts.ts';
import { type KeyboardEvent, useRef, useState } from 'react';
import { formatCount } from '../reading/number.ts';
import { formatClock, formatSince } from '../reading/span.ts';
import { type MinuteCell, type MinuteRow, STRIP_MINUTES } from './ledgerMinutes.ts';
import { VerdictMark } from './VerdictMark.tsx';

type Sign = LedgerMinute['verdict'] | 'none';

const WORDS: Readonly<Record<Sign, string>> = {
  proved: 'proved',
  holes: 'proved, with holes that are explained',
  waiting: 'waiting for what may still come',
  broken: 'broken',
  none: 'no checkpoint',
};

interface MinuteStripProps {
  readonly rows: readonly MinuteRow[];
  readonly nowMs: number;
}

/** By row, and by minute: a cell stays chosen while the strip moves on under it. */
interface Chosen {
  readonly row: number;
  readonly startMs: number;
}

const MINUTE_MS = 60_000;
const KEYS: Readonly<Record<string, readonly [rows: number, minutes: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  Home: [0, -STRIP_MINUTES],
  End: [0, STRIP_MINUTES],
};

export function MinuteStrip({ rows, nowMs }: MinuteStripProps) {
  const grid = useRef<HTMLDivElement>(null);
  const [asked, setChosen] = useState<Chosen>();
  const chosen = within(asked ?? newestOf(rows), rows);
  const move = (event: KeyboardEvent) => {
    const step = KEYS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = within({ row: chosen.row + step[0], startMs: chosen.startMs + step[1] * MINUTE_MS }, rows);
    setChosen(next);
    cellElement(grid.current, next, rows)?.focus();
  };
  return (
    <div className="strips">
      {/* biome-ignore lint/a11y/useSemanticElements: a table has no cells that are walked with arrow keys */}
      <div ref={grid} role="grid" aria-label="Signed minutes" aria-readonly="true" tabIndex={-1} onKeyDown={move}>
        {rows.map((row, place) => (
          <Strip key={`${row.gateway}/${row.lane}`} row={row} nowMs={nowMs}>
            {row.cells.map((cell) => {
              const isChosen = place === chosen.row && cell.startMs === chosen.startMs;
              const sign = signOf(cell);
              return (
                // biome-ignore lint/a11y/useSemanticElements: see above
                <span
                  key={cell.startMs}
                  role="gridcell"
                  className={`minute ${sign}`}
                  aria-label={`${formatClock(cell.startMs).slice(0, 5)} ${WORDS[sign]}`}
                  aria-selected={isChosen}
                  tabIndex={isChosen ? 0 : -1}
                  onFocus={() => setChosen({ row: place, startMs: cell.startMs })}
                />
              );
            })}
          </Strip>
        ))}
      </div>
      <p className="minute-words">{wordsOf(rows[chosen.row], chosen.startMs)}</p>
      <Legend />
    </div>
  );
}

const signOf = ({ minute }: MinuteCell): Sign => minute?.verdict ?? 'none';

/** Until somebody has chosen: the newest that the first lane has signed for. */
function newestOf([{ cells }]: readonly MinuteRow[]): Chosen {
  return { row: 0, startMs: cells.findLast(({ minute }) => minute)?.startMs ?? Number.POSITIVE_INFINITY };
}

function within({ row, startMs }: Chosen, rows: readonly MinuteRow[]): Chosen {
  const inside = Math.min(Math.max(0, row), rows.length - 1);
  const cells = rows[inside].cells;
  const [first, last] = [cells[0].startMs, cells[cells.length - 1].startMs];
  return { row: inside, startMs: Math.min(Math.max(first, startMs), last) };
}

function cellElement(grid: HTMLElement | null, { row, startMs }: Chosen, rows: readonly MinuteRow[]) {
  const place = rows[row].cells.findIndex((cell) => cell.startMs === startMs);
  return grid?.querySelectorAll('[role=row]')[row].querySelectorAll<HTMLElement>('.minute')[place];
}

interface StripProps {
  readonly row: MinuteRow;
  readonly nowMs: number;
  readonly children: React.ReactNode;
}

function Strip({ row, nowMs, children }: StripProps) {
  const { gateway, lane, provedUntilMs, broken } = row;
  const state = broken ? 'attention' : provedUntilMs === undefined ? 'unknown' : 'well';
  const until =
    provedUntilMs === undefined ? 'nothing proved yet' : `proved until ${formatSince(provedUntilMs, nowMs)}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: its cells are
    <div role="row" className="strip">
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it says what the row is of */}
      <span role="rowheader" className="strip-name">
        {lane} <span className="card-note">of {gateway}</span>
        <span className="strip-state">
          <VerdictMark state={state}>
            {broken ? `${until}; ${formatClock(broken.minute / 1_000).slice(0, 5)} ${broken.detail}` : until}
          </VerdictMark>
        </span>
      </span>
      {children}
    </div>
  );
}

function wordsOf(row: MinuteRow, startMs: number): string {
  const head = `${formatClock(startMs).slice(0, 5)}, ${row.lane} lane of ${row.gateway}`;
  const minute = row.cells.find((one) => one.startMs === startMs)?.minute;
  if (!minute) return `${head}: ${WORDS.none}.`;
  const { verdict, detail, spooled, received, stored, holes } = minute;
  const samples = `${formatCount(spooled)} samples signed for, ${formatCount(received)} here, ${formatCount(stored)} stored`;
  const missing = holes.map(({ blocks, reason }) => `${formatCount(blocks)} blocks missing: ${reason}`);
  return `${head}: ${[WORDS[verdict] + (detail && ` (${detail})`), samples, ...missing].join('; ')}.`;
}

const SHOWN = ['proved', 'holes', 'waiting', 'broken', 'none'] as const;

function Legend() {
  return (
    <ul className="legend-minutes" aria-label="Signs">
      {SHOWN.map((verdict) => (
        <li key={verdict}>
          <span className={`minute ${verdict}`} aria-hidden="true" /> {WORDS[verdict]}
        </li>
      ))}
    </ul>
  );
}
