/** What every command for an archive has: its options, its progress, an end by Ctrl-C, and one way to say what is wrong. */

import type { Writable } from 'node:stream';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { FaultCode } from '@tidegate/core/fault/faultTable.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import { refusalLine } from '@tidegate/process/refusal.ts';
import type { CommandOutput } from './commandOutput.ts';
import { ProgressLine, type ProgressUnit } from './progressLine.ts';

/** Why a command ended before it was done. */
export class Interrupted extends Error {}

/** The archive, backup or file was read, and is not good. */
const FAILURES: ReadonlySet<FaultCode> = new Set(['backup.damaged', 'import.invalid', 'tag.invalid', 'tag.ambiguous']);
const INTERRUPTED = 130;

export interface CommandRun {
  readonly signal: AbortSignal;
  /** Standard output, for what is no answer in words. */
  readonly out: Writable;
  readonly json: boolean;
  progress(label: string, unit: ProgressUnit): ProgressLine;
  /** Writes an answer to standard output: `text`, or `value` as JSON where that was asked for. */
  print(text: string, value: unknown): void;
  /** Writes a line for people to standard error. */
  note(line: string): void;
  /** Where an archive that is opened here reports damage. */
  readonly events: (event: PlantEvent) => void;
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>;

export interface ArchiveCommand<O extends Options> {
  /** `archive backup`. */
  readonly name: string;
  readonly options: O;
  /** Gives the exit status, or a fault that is told. */
  run(given: Parsed<O>, run: CommandRun): Promise<Result<number>>;
}

/** Resolves with the status to end with. */
export async function runCommand<O extends Options>(
  command: ArchiveCommand<O>,
  args: readonly string[],
  output: CommandOutput,
): Promise<number> {
  const { out, error: errors } = output;
  const abort = new AbortController();
  const interrupt = () => abort.abort(new Interrupted());
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  let line: ProgressLine | undefined;
  try {
    const options = { ...command.options, json: { type: 'boolean' } } as O;
    const given = parseArgs({ args: [...args], options, allowPositionals: true }) as Parsed<O>;
    const json = (given.values as { json?: boolean }).json ?? false;
    const note = (text: string) => {
      line?.clear();
      errors.write(`${text}\n`);
    };
    const progress = (label: string, unit: ProgressUnit) => {
      line = new ProgressLine(label, unit, json ? undefined : errors);
      return line;
    };
    const print = (text: string, value: unknown) => {
      line?.clear();
      out.write(json ? `${JSON.stringify(value, undefined, 2)}\n` : `${text}\n`);
    };
    const events = ({ source, detail }: PlantEvent) => note(`tidegate ${command.name}: ${source}: ${detail}`);
    const ended = await command.run(given, { signal: abort.signal, out, json, progress, print, note, events });
    line?.clear();
    return ended.ok ? ended.value : refuse(command.name, ended.fault, output);
  } catch (error) {
    line?.clear();
    if (error instanceof Interrupted) {
      errors.write(`tidegate ${command.name}: interrupted.\n`);
      return INTERRUPTED;
    }
    const { code, message } = error as NodeJS.ErrnoException;
    if (typeof code !== 'string') throw error;
    errors.write(`tidegate ${command.name}: ${message.replace(/[.\s]+$/, '')}.\n`);
    return EXIT.refused;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function refuse(name: string, fault: Fault, { error }: CommandOutput): number {
  error.write(refusalLine(name, fault));
  return FAILURES.has(fault.code) ? EXIT.failed : EXIT.refused;
}
