/** `main.ts tune [FILE] [--json]`: what settings for exceptions and compression would make of the history of a tag. */

import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { formatTuning } from './formatTuning.ts';
import { readTagHistory } from './tagHistory.ts';
import { type Tuning, tuneHistory } from './tuning.ts';

/** Takes the history from the file, or from standard input; prints to standard output and gives the status to end with. */
export async function tune(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean' },
      'max-interval': { type: 'string', default: '10min' },
      'compression-max-interval': { type: 'string', default: '1min' },
    },
    allowPositionals: true,
  });
  const maxIntervalMs = parseDurationMs(values['max-interval']);
  const compressionMaxIntervalMs = parseDurationMs(values['compression-max-interval']);
  if (!maxIntervalMs || !compressionMaxIntervalMs)
    return fail('an interval is a length of time such as 30s or 10min', EXIT.refused);
  const [file] = positionals;
  const written = await (file === undefined ? text(process.stdin) : readFile(file, 'utf8')).catch(
    (error: Error) => error,
  );
  if (typeof written !== 'string')
    return fail(`${file ?? 'standard input'} cannot be read (${written.message})`, EXIT.refused);
  const history = readTagHistory(written);
  if (!history.ok) return fail(history.complaint, EXIT.failed);
  const tuning = tuneHistory(history.value, { maxIntervalMs, compressionMaxIntervalMs });
  process.stdout.write(values.json ? `${JSON.stringify(jsonOf(tuning), undefined, 2)}\n` : formatTuning(tuning));
  return EXIT.ok;
}

function fail(complaint: string, status: number): number {
  process.stderr.write(`tidegate tune: ${complaint}.\n`);
  return status;
}

/** Deviations and errors in the unit of the tag, shares from 0 to 1; `compressionDeviation` is null where there is none. */
function jsonOf({ history, rows, gaps }: Tuning) {
  const { path, unit, span, isSpanOfTag, samples } = history;
  return {
    path,
    unit,
    span,
    isSpanOfTag,
    samples: samples.count,
    thinnedOut: gaps ? { scanIntervalUs: gaps.intervalUs, expectedSamples: gaps.expected } : null,
    rows: rows.map(({ step, deviation, compression, isFrontier, isKnee, ...replayed }) => ({
      deviation,
      deviationShare: step.deviation,
      compressionDeviation: compression ?? null,
      compressionDeviationShare: step.compression ?? null,
      ...replayed,
      storedShare: replayed.stored / samples.count,
      isFrontier,
      isKnee,
    })),
  };
}
