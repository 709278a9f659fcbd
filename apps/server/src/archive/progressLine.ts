/** How far a long command has come: one line that is rewritten on a terminal, now and then a new one elsewhere. */

import type { CommandOutput } from './commandOutput.ts';
import { formatBytes, formatCount, formatSpan } from './figures.ts';

export interface ProgressState {
  readonly done: number;
  /** `undefined` where nobody knows. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
}

export type ProgressUnit = 'bytes' | 'samples';

const REWRITE_MS = 100;
const REPEAT_MS = 5_000;
const BAR_WIDTH = 16;
const MS_PER_S = 1_000;
const DEFAULT_COLUMNS = 80;

/** `backing up  [########........]  50%  1.2 GB of 2.4 GB  310 MB/s  4 s left`: it fits into 80 columns. */
export function formatProgress(label: string, unit: ProgressUnit, { done, total, elapsedMs }: ProgressState): string {
  const amount = unit === 'bytes' ? formatBytes : formatCount;
  const name = unit === 'bytes' ? '' : ' samples';
  const perSecond = elapsedMs > 0 ? (done * MS_PER_S) / elapsedMs : 0;
  const rate = `${amount(perSecond)}/s`;
  if (total === undefined) return `${label}  ${amount(done)}${name}  ${rate}`;
  const part = total > 0 ? Math.min(done / total, 1) : 1;
  const filled = Math.round(part * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
  const percent = `${String(Math.floor(part * 100)).padStart(3)}%`;
  const left = perSecond > 0 && part < 1 ? `  ${formatSpan(((total - done) / perSecond) * MS_PER_S)} left` : '';
  return `${label}  ${bar} ${percent}  ${amount(done)} of ${amount(total)}${name}  ${rate}${left}`;
}

export class ProgressLine {
  readonly #label: string;
  readonly #unit: ProgressUnit;
  readonly #stream: CommandOutput['error'] | undefined;
  readonly #beganMs = performance.now();
  #writtenMs = performance.now();
  #shown = false;

  /** Writes to `stream`, and nothing where that is left out. */
  constructor(label: string, unit: ProgressUnit, stream: CommandOutput['error'] | undefined) {
    this.#label = label;
    this.#unit = unit;
    this.#stream = stream;
  }

  update(done: number, total?: number): void {
    const stream = this.#stream;
    const nowMs = performance.now();
    if (!stream || nowMs - this.#writtenMs < (stream.isTTY ? REWRITE_MS : REPEAT_MS)) return;
    this.#writtenMs = nowMs;
    const text = formatProgress(this.#label, this.#unit, { done, total, elapsedMs: nowMs - this.#beganMs });
    if (stream.isTTY) stream.write(`\r\x1b[2K${text.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1)}`);
    else stream.write(`${text}\n`);
    this.#shown = true;
  }

  /** Takes the line away, so that others can be written. */
  clear(): void {
    if (this.#shown && this.#stream?.isTTY) this.#stream.write('\r\x1b[2K');
    this.#shown = false;
  }

  get elapsedMs(): number {
    return performance.now() - this.#beganMs;
  }
}
