/**
 * Commissioning: finds out, politely, which addresses a unit has, and guesses what its registers hold. One request at a
 * time with a pause between, reads alone, over the same guarded link and in the same step as in operation.
 */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../../transport/link.ts';
import { isBitTable } from '../address.ts';
import { align, exchangeOf } from '../align.ts';
import { exceptionOf } from '../exceptions.ts';
import { asciiFraming } from '../framing/asciiFraming.ts';
import { rtuFraming } from '../framing/rtuFraming.ts';
import { describeIdentity } from '../identification.ts';
import { LineTime } from '../lineTime.ts';
import { type Question, questionOf } from '../question.ts';
import { SerialSession } from '../serialSession.ts';
import type { ModbusSession, Outcome } from '../session.ts';
import { Station } from '../station.ts';
import { TcpSession } from '../tcpSession.ts';
import { type AddressRun, AddressSearch } from './addressSearch.ts';
import { suggestTypes, type TypeSuggestion } from './suggestTypes.ts';

export type ProbedTable = 'coil' | 'discrete' | 'input' | 'holding';

export interface ProbeTarget {
  readonly protocol: 'modbus-tcp' | 'modbus-rtu' | 'modbus-ascii';
  readonly unit: number;
  readonly timeoutMs: number;
  /** Of a serial port; `undefined` on a network. */
  readonly bitRate: number | undefined;
}

export interface ProbeOptions {
  readonly tables: readonly ProbedTable[];
  /** Zero-based, both included. */
  readonly first: number;
  readonly last: number;
  /** At most so many items in one request. */
  readonly atOnce: number;
  /** Between an answer and the next request. */
  readonly pauseMs: number;
  /** Whatever is unknown by then stays so. */
  readonly maxRequests: number;
  /** How often the registers are read, and how far apart. */
  readonly samples: number;
  readonly sampleIntervalMs: number;
  /** Ends it at once, with what is known by then; whoever aborts it closes the link. */
  readonly signal?: AbortSignal;
}

export const PROBE_DEFAULTS: Omit<ProbeOptions, 'tables' | 'first' | 'last' | 'signal'> = {
  atOnce: 64,
  pauseMs: 100,
  maxRequests: 2_000,
  samples: 5,
  sampleIntervalMs: 2_000,
};

export interface ProbeProgress {
  readonly table: ProbedTable;
  readonly step: 'searching' | 'sampling';
  readonly requests: number;
  /** Addresses of the table of which nothing is known yet. */
  readonly left: number;
}

export interface ProbedTableReport {
  readonly table: ProbedTable;
  readonly found: readonly AddressRun[];
  /** Why there is nothing, or not everything: an exception in words, that the requests did not suffice, or that it was ended. */
  readonly remark: string | undefined;
  /** Of each run that was found, its registers at different times, the oldest first; empty for coils and discrete inputs. */
  readonly samples: readonly (readonly Uint16Array[])[];
  /** Empty for coils and discrete inputs. */
  readonly suggestions: readonly TypeSuggestion[];
}

export interface ProbeReport {
  readonly tables: readonly ProbedTableReport[];
  /** What the device says of itself, where it can. */
  readonly identity: string | undefined;
  readonly requests: number;
}

/** A device that says nothing so often in a row is not there. */
const MAX_SILENCES = 5;
/** A busy device is asked again so often. */
const MAX_BUSY = 3;
const IDENTITY = questionOf({ table: 'identification', source: 0, first: 0, count: 1 });

/**
 * `link` has passed the guard of the protocol's driver, for this unit alone. Faults: `link.timeout` where the device is not
 * there, and whatever ends the link.
 */
export async function probeUnit(
  link: Link,
  target: ProbeTarget,
  options: ProbeOptions,
  clock: Clock,
  onProgress: (progress: ProbeProgress) => void,
): Promise<Result<ProbeReport>> {
  return new Prober(link, target, options, clock, onProgress).run();
}

class Prober {
  readonly #target: ProbeTarget;
  readonly #options: ProbeOptions;
  readonly #clock: Clock;
  readonly #onProgress: (progress: ProbeProgress) => void;
  readonly #station: Station;
  readonly #session: ModbusSession;
  /** The last question that the device has answered. */
  #known: readonly Question[] = [];
  #requests = 0;
  #silences = 0;

  constructor(
    link: Link,
    target: ProbeTarget,
    options: ProbeOptions,
    clock: Clock,
    onProgress: (progress: ProbeProgress) => void,
  ) {
    this.#target = target;
    this.#options = options;
    this.#clock = clock;
    this.#onProgress = onProgress;
    this.#station = new Station(target);
    this.#session = sessionOf(target, this.#station, clock);
    this.#session.connected(link);
  }

  async run(): Promise<Result<ProbeReport>> {
    const tables: ProbedTableReport[] = [];
    for (const table of this.#options.tables) {
      if (this.#ended) break;
      const report = await this.#probe(table);
      if (!report.ok) return report;
      tables.push(report.value);
    }
    const identity = this.#ended ? undefined : await this.#ask(IDENTITY);
    const name = identity?.kind === 'data' ? describeIdentity(identity.data) : undefined;
    return success({ tables, identity: name, requests: this.#requests });
  }

  async #probe(table: ProbedTable): Promise<Result<ProbedTableReport>> {
    const { first, last, atOnce, maxRequests } = this.#options;
    const search = new AddressSearch(table, first, last, atOnce);
    let remark: string | undefined;
    for (let range = search.next(); range; range = search.next()) {
      if (this.#ended) {
        remark = `${search.left} addresses are unknown: it was ended`;
        break;
      }
      if (this.#requests >= maxRequests) {
        remark = `${search.left} addresses are unknown: ${maxRequests} requests did not suffice`;
        break;
      }
      const outcome = await this.#ask(questionOf(range));
      if (this.#ended && outcome.kind !== 'data') continue;
      const fault = this.#faultOf(outcome);
      if (fault) return { ok: false, fault };
      remark ??= this.#note(search, outcome);
      this.#onProgress({ table, step: 'searching', requests: this.#requests, left: search.left });
    }
    const found = search.found;
    if (isBitTable(table)) return success({ table, found, remark, samples: [], suggestions: [] });
    const samples: Uint16Array[][] = [];
    for (const run of found) {
      const taken = await this.#sample(table, run);
      if (!taken.ok) return taken;
      samples.push(taken.value);
    }
    const suggestions = found.flatMap(({ first: from }, index) => suggestTypes(from, samples[index]));
    return success({ table, found, remark, samples, suggestions });
  }

  /** Tells the search what came; a remark where the table is not there at all. */
  #note(search: AddressSearch, outcome: Outcome): string | undefined {
    if (outcome.kind === 'data') {
      search.exists();
      return undefined;
    }
    if (outcome.kind === 'exception' && concernsAll(outcome.exception)) {
      search.giveUp();
      return `exception ${outcome.exception}, ${exceptionOf(outcome.exception).name}`;
    }
    search.refused();
    return undefined;
  }

  async #sample(table: ProbedTable, run: AddressRun): Promise<Result<Uint16Array[]>> {
    const { samples: wanted, sampleIntervalMs, atOnce } = this.#options;
    const samples: Uint16Array[] = [];
    for (let taken = 0; taken < wanted && !this.#ended; taken++) {
      if (taken > 0) await delay(this.#clock, sampleIntervalMs, this.#options.signal);
      const registers = new Uint16Array(run.count);
      let whole = true;
      for (let at = 0; at < run.count; at += atOnce) {
        const count = Math.min(atOnce, run.count - at);
        const outcome = await this.#ask(questionOf({ table, source: 0, first: run.first + at, count }));
        if (this.#ended) return success(samples);
        const fault = this.#faultOf(outcome);
        if (fault) return { ok: false, fault };
        if (outcome.kind === 'data')
          for (let index = 0; index < count; index++) registers[at + index] = wordAt(outcome.data, index);
        else whole = false;
        this.#onProgress({ table, step: 'sampling', requests: this.#requests, left: 0 });
      }
      if (whole) samples.push(registers);
    }
    return success(samples);
  }

  /** Asks when the unit is in step, and again while it is busy. */
  async #ask(question: Question): Promise<Outcome> {
    for (let busy = 0; ; busy++) {
      const outcome = (await this.#align()) ?? (await this.#send(question));
      if (outcome.kind === 'data') this.#known = [question];
      const reaction = outcome.kind === 'exception' ? exceptionOf(outcome.exception).reaction : undefined;
      if (reaction !== 'askLater' || busy >= MAX_BUSY) return outcome;
    }
  }

  /** An outcome where the unit cannot be brought back into step. */
  async #align(): Promise<Outcome | undefined> {
    const { bitRate, protocol } = this.#target;
    const network = bitRate === undefined && protocol !== 'modbus-tcp';
    while (!this.#station.isInStep(this.#clock.elapsedMs())) {
      const exchange = await align({
        station: this.#station,
        known: this.#known,
        ask: (question) => this.#send(question),
        nowMs: this.#clock.elapsedMs(),
        network,
      });
      if (exchange.outcome === 'lost') return { kind: 'lost', fault: exchange.fault };
      if (exchange.outcome !== 'silent') continue;
      if (this.#silences >= MAX_SILENCES || this.#ended) return { kind: 'silent', fault: exchange.fault };
      if (exchange.requests === 0) await delay(this.#clock, this.#target.timeoutMs, this.#options.signal);
    }
    return undefined;
  }

  async #send(question: Question): Promise<Outcome> {
    if (this.#requests++ > 0) await delay(this.#clock, this.#options.pauseMs, this.#options.signal);
    const [outcome] = await this.#session.ask(this.#station, [question]);
    this.#silences = outcome.kind === 'silent' ? this.#silences + 1 : 0;
    return outcome;
  }

  get #ended(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  #faultOf(outcome: Outcome): Fault | undefined {
    const exchange = exchangeOf(outcome);
    if (exchange.outcome === 'lost') return exchange.fault;
    if (exchange.outcome !== 'silent' || this.#silences < MAX_SILENCES) return undefined;
    return failure('link.timeout', `unit ${this.#target.unit} has not answered ${MAX_SILENCES} requests in a row`)
      .fault;
  }
}

/** The function is not there, or nobody is behind the gateway: smaller questions would be met with the same. */
function concernsAll(exception: number): boolean {
  return exception === 1 || exceptionOf(exception).reaction === 'unreachable';
}

function sessionOf(target: ProbeTarget, station: Station, clock: Clock): ModbusSession {
  const { protocol, bitRate } = target;
  if (protocol === 'modbus-tcp') return new TcpSession(clock);
  const framing = protocol === 'modbus-rtu' ? rtuFraming : asciiFraming;
  const time = new LineTime(framing, bitRate);
  return new SerialSession({
    clock,
    framing,
    time,
    stations: [station],
    turnaroundMs: 0,
    ownPort: bitRate !== undefined,
  });
}

function wordAt(data: Uint8Array, index: number): number {
  return (data[index * 2] << 8) | data[index * 2 + 1];
}
