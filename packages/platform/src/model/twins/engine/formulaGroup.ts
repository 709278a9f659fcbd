/** One formula for many assets: it is evaluated once over all of them that have something new. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { CurveMaps } from '../../../historian/query/expression/curveMap.ts';
import { evaluateExpression } from '../../../historian/query/expression/evaluateExpression.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { WindowReading, WindowSegments } from '../../../historian/query/expression/windowSegments.ts';
import type { CellTable } from './cellTable.ts';

/** So many rows are evaluated at once: their columns fit in the cache of a processor. */
const CHUNK_ROWS = 2_048;
const BAD = 0x80000000;

/** Takes what has been reckoned. */
export type PutCell = (cell: number, time: number, kind: number, value: number, status: number, text?: string) => void;

export interface FormulaPlan {
  readonly expression: Expression;
  readonly maps: CurveMaps | undefined;
  /** The cell of each row that the result goes to. */
  readonly outputs: Uint32Array;
  /** In the order of `expression.tags`: the cell that each row reads. */
  readonly inputs: readonly Uint32Array[];
  /** In the order of `expression.windows`: what each row looks back over. */
  readonly windows: readonly (readonly WindowSegments[])[];
  /** Of what holds in some modes only: those, and the cell with the mode of each row. */
  readonly gate: { readonly modes: ReadonlySet<string>; readonly cells: Uint32Array } | undefined;
}

export class FormulaGroup {
  readonly plan: FormulaPlan;
  readonly #isDirty: Uint8Array;
  readonly #rows: Uint32Array;
  #count = 0;
  readonly #scratch: readonly ScratchColumn[];
  readonly #windowScratch: readonly ScratchColumn[];

  constructor(plan: FormulaPlan) {
    this.plan = plan;
    this.#isDirty = new Uint8Array(plan.outputs.length);
    this.#rows = new Uint32Array(plan.outputs.length);
    const capacity = Math.min(CHUNK_ROWS, plan.outputs.length);
    this.#scratch = plan.inputs.map(() => scratchColumn(capacity));
    this.#windowScratch = plan.windows.map(() => scratchColumn(capacity));
  }

  mark(row: number): void {
    if (this.#isDirty[row] === 1) return;
    this.#isDirty[row] = 1;
    this.#rows[this.#count++] = row;
  }

  markAll(): void {
    for (let row = 0; row < this.#isDirty.length; row++) this.mark(row);
  }

  /** Evaluates the rows that were marked; `now` is where windows end. Returns how many there were. */
  evaluate(table: CellTable, now: number, put: PutCell): number {
    const count = this.#count;
    for (let from = 0; from < count; from += CHUNK_ROWS) {
      const rows = this.#rows.subarray(from, Math.min(count, from + CHUNK_ROWS));
      this.#evaluateChunk(rows, table, now, put);
    }
    this.#count = 0;
    return count;
  }

  #evaluateChunk(rows: Uint32Array, table: CellTable, now: number, put: PutCell): void {
    const { expression, maps, outputs } = this.plan;
    const isConstant = this.plan.inputs.length === 0;
    const times = new Float64Array(rows.length).fill(isConstant ? now : Number.NEGATIVE_INFINITY);
    for (const [input, cells] of this.plan.inputs.entries()) gather(table, cells, rows, this.#scratch[input], times);
    for (const [at, windows] of this.plan.windows.entries()) {
      readWindows(windows, rows, now, expression.windows[at].aggregate, this.#windowScratch[at]);
    }
    const result = evaluateExpression(expression, this.#scratch, times, { maps, windows: this.#windowScratch });
    this.#close(rows, table, result);
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at];
      this.#isDirty[row] = 0;
      const isText = result.kinds[at] === ValueKind.string;
      const text = isText ? result.strings[result.values[at]] : undefined;
      put(outputs[row], times[at], result.kinds[at], isText ? 0 : result.values[at], result.statuses[at], text);
    }
  }

  /** Outside of its modes there is nothing, and nothing wrong with that. */
  #close(rows: Uint32Array, table: CellTable, result: SampleRun): void {
    const { gate } = this.plan;
    if (!gate) return;
    for (let at = 0; at < rows.length; at++) {
      const mode = gate.cells[rows[at]];
      if (table.kinds[mode] === ValueKind.string && gate.modes.has(table.textAt(mode))) continue;
      const isKnown = table.statuses[mode] < BAD;
      result.kinds[at] = ValueKind.none;
      result.values[at] = 0;
      result.statuses[at] = isKnown ? STATUS.GoodNoData : table.statuses[mode];
    }
  }
}

interface ScratchColumn extends SampleRun {
  readonly strings: string[];
}

function scratchColumn(capacity: number): ScratchColumn {
  const strings: string[] = [];
  return { ...blankRun(capacity, strings), strings };
}

/** Copies cells into a column; the time of a row is that of its latest cell. */
function gather(
  table: CellTable,
  cells: Uint32Array,
  rows: Uint32Array,
  into: ScratchColumn,
  times: Float64Array,
): void {
  into.strings.length = 0;
  for (let at = 0; at < rows.length; at++) {
    const cell = cells[rows[at]];
    const kind = table.kinds[cell];
    into.kinds[at] = kind;
    into.values[at] = kind === ValueKind.string ? into.strings.push(table.textAt(cell)) - 1 : table.values[cell];
    into.statuses[at] = table.statuses[cell];
    if (table.times[cell] > times[at]) times[at] = table.times[cell];
  }
}

const reading: WindowReading = { value: 0, status: 0 };

function readWindows(
  windows: readonly WindowSegments[],
  rows: Uint32Array,
  now: number,
  aggregate: Expression['windows'][number]['aggregate'],
  into: ScratchColumn,
): void {
  for (let at = 0; at < rows.length; at++) {
    const segments = windows[rows[at]];
    segments.read(aggregate, Math.max(now, segments.lastTime), reading);
    into.statuses[at] = reading.status;
    into.kinds[at] = reading.status < BAD ? ValueKind.number : ValueKind.none;
    into.values[at] = reading.status < BAD ? reading.value : 0;
  }
}
