/** A plan of faults as text: a CSV list with the columns at, kind, target, size, over, until. */

import { parse } from 'csv-parse/sync';
import { FAULT_KINDS, FAULT_SIZES, type Fault, type FaultKind } from './fault.ts';

export interface FaultPlan {
  readonly faults: readonly Fault[];
  /** One sentence for each row that is wrong, with its line. */
  readonly defects: readonly string[];
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, d: 86_400 };
const COLUMNS = ['at', 'kind', 'target', 'size', 'over', 'until'] as const;

type PlanRecord = Readonly<Partial<Record<(typeof COLUMNS)[number], string>>>;

interface PlanRow {
  readonly record: PlanRecord;
  readonly info: { readonly lines: number };
}

/**
 * `at`, `over` and `until` are times such as `90s`, `15min`, `6h`, `30d`, counted from the beginning of the simulation
 * (`over`: from `at`). `size` is in the unit of the kind; it, `over` and `until` may be left empty. Lines that begin with
 * `#` are skipped.
 */
export function readFaultPlan(text: string): FaultPlan {
  const defects: string[] = [];
  let rows: readonly PlanRow[] = [];
  try {
    rows = parse(text, {
      columns: true,
      comment: '#',
      comment_no_infix: true,
      trim: true,
      info: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    return { faults: [], defects: [`the plan is no CSV list: ${(error as Error).message}`] };
  }
  const unknown = Object.keys(rows[0]?.record ?? {}).filter((column) => !COLUMNS.some((known) => known === column));
  if (unknown.length > 0)
    defects.push(`there is no column ${unknown.join(', ')}; the columns are ${COLUMNS.join(', ')}`);
  const faults = rows.flatMap(({ record, info }) => {
    const complain = (what: string) => defects.push(`line ${info.lines}: ${what}`);
    const fault = readFault(record, complain);
    return fault === undefined ? [] : [fault];
  });
  return { faults, defects };
}

function readFault(row: PlanRecord, complain: (what: string) => void): Fault | undefined {
  const kind = row.kind as FaultKind;
  if (!FAULT_KINDS.includes(kind)) {
    complain(`"${row.kind ?? ''}" is no kind of fault; the kinds are ${FAULT_KINDS.join(', ')}`);
    return undefined;
  }
  const seconds = (column: 'at' | 'over' | 'until'): number => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)(s|min|h|d)$/.exec(row[column] ?? '') ?? [];
    if (unit === undefined) complain(`${column} takes a time such as 90s, 6h or 30d, not "${row[column] ?? ''}"`);
    return Number(number) * SECONDS[unit];
  };
  const size = row.size ? Number(row.size) : FAULT_SIZES[kind].usual;
  if (!Number.isFinite(size)) complain(`size takes a number (${FAULT_SIZES[kind].unit}), not "${row.size}"`);
  if (!row.target) complain('target is missing');
  const atS = seconds('at');
  const overS = row.over ? seconds('over') : 0;
  const untilS = row.until ? seconds('until') : undefined;
  if (untilS !== undefined && untilS <= atS) complain('until is not after at');
  return { kind, target: row.target ?? '', atS, size, overS, ...(untilS === undefined ? {} : { untilS }) };
}
