/** One unit of a Modbus line as its loop sees it: greeted, kept in step, and read scan class by scan class. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { DeviceReader, DeviceSpec, DriverPorts, Exchange, TaggedPoint } from '../../driver.ts';
import { align, exchangeOf } from './align.ts';
import { describeIdentity } from './identification.ts';
import type { ModbusOptions } from './options.ts';
import { blockOf, type PlanLimits } from './plan.ts';
import { type PlannedPoint, parsePointWithin } from './points.ts';
import { PollGroup } from './pollGroup.ts';
import { type Question, questionOf } from './question.ts';
import type { ModbusSession, Outcome } from './session.ts';
import { SilentBlocks } from './silentBlocks.ts';
import type { Station } from './station.ts';

export interface ModbusUnitParts {
  readonly device: DeviceSpec<ModbusOptions>;
  readonly ports: DriverPorts;
  readonly station: Station;
  readonly session: ModbusSession;
  readonly limits: PlanLimits;
  /** How many questions may be under way at once. */
  readonly pipeline: number;
  readonly frameBytes: (pduBytes: number) => number;
}

const ANSWERED: Exchange = { outcome: 'answered' };
/** A device that closes the connection over a question so often does it because of the question. */
const MAX_IDENTITY_LOSSES = 2;
/** The first objects of an identification: maker, product, revision. */
const IDENTITY = questionOf({ table: 'identification', source: 0, first: 0, count: 1 });

export class ModbusUnit implements DeviceReader {
  readonly groups: readonly PollGroup[];
  readonly #parts: ModbusUnitParts;
  /** How many requests have gone out. */
  #requests = 0;
  readonly #silentBlocks = new SilentBlocks();
  /** Counts up to the question with which the device is greeted. */
  #greeting = 0;
  #pipeline: number;
  #identity: string | undefined;
  /** Whether the device is still to be asked who it is over this link. */
  #unidentified = true;
  /** It has been greeted and is asked that next. */
  #identifies = false;
  #mute = false;
  /** How often in a row the link was lost over the question who the device is. */
  #identityLosses = 0;

  constructor(parts: ModbusUnitParts) {
    this.#parts = parts;
    this.#pipeline = parts.pipeline;
    const { device, ports, limits, frameBytes } = parts;
    const pollPorts = {
      ...ports,
      device: device.name,
      frameBytes,
      silentBlocks: this.#silentBlocks,
      atOnce: () => this.#pipeline,
      ask: (questions: readonly Question[]) => this.#ask(questions),
      align: () => (this.#isInStep() ? undefined : this.#counted(() => this.#align())),
    };
    this.groups = device.classes.map(({ points }) => {
      const planned = points.map((point) => plannedPoint(point, limits.maxRegisters));
      return new PollGroup(planned, limits, pollPorts);
    });
  }

  get discardedAnswers(): number {
    return this.#parts.station.discarded;
  }

  get defect(): string | undefined {
    const refused = this.groups.find((group) => group.defect !== undefined)?.defect;
    if (refused !== undefined || this.#pipeline === this.#parts.pipeline) return refused;
    return `it does not answer ${this.#parts.pipeline} requests at once, and is asked one at a time`;
  }

  connected(): void {
    this.#unidentified = true;
    this.#identifies = false;
  }

  /**
   * Modbus has no greeting: something is read and forgotten. A refusal shows as well that the device is there. Some devices
   * meet what they do not know with silence, so after a failure it is the turn of another question.
   */
  greet(): Promise<Exchange> {
    return this.#counted(() => this.#greet());
  }

  async #greet(): Promise<Exchange> {
    const exchange = await (this.#isInStep() ? this.#meet() : this.#align());
    if (exchange.outcome !== 'answered') return exchange;
    this.#identifies = this.#parts.device.options.identify && this.#unidentified && !this.#mute;
    return { ...exchange, goesOn: this.#identifies || !this.#isInStep() };
  }

  async #meet(): Promise<Exchange> {
    if (this.#identifies) return this.#identify();
    const questions = this.#greetings();
    if (questions.length === 0) return ANSWERED;
    const [outcome] = await this.#ask([questions[this.#greeting % questions.length]]);
    const exchange = exchangeOf(outcome);
    if (exchange.outcome !== 'answered') this.#greeting++;
    return exchange;
  }

  /** What the device is known to answer first, then what lies at the beginning of each block. */
  #greetings(): Question[] {
    const blocks = this.#blocks();
    return [...blocks, ...blocks.filter(({ points }) => points.length > 1).map(({ points }) => blockOf([points[0]]))];
  }

  #blocks() {
    return this.groups.flatMap((group) => group.blocks);
  }

  /** Says with an exchange how many requests it took. */
  async #counted(exchange: () => Promise<Exchange>): Promise<Exchange> {
    const before = this.#requests;
    return { ...(await exchange()), requests: this.#requests - before };
  }

  async #ask(questions: readonly Question[]): Promise<readonly Outcome[]> {
    const { station, session } = this.#parts;
    this.#requests += questions.length;
    const outcomes = await session.ask(station, questions);
    for (const [index, { kind }] of outcomes.entries()) {
      if (kind === 'data' || kind === 'exception') this.#silentBlocks.answered(questions[index]);
      if (kind !== 'silent') continue;
      if (questions.length === 1) this.#silentBlocks.silent(questions[index]);
      // Whoever reads one request of several and drops the others would drop them again.
      else this.#pipeline = 1;
    }
    return outcomes;
  }

  #isInStep(): boolean {
    return this.#parts.station.isInStep(this.#parts.ports.clock.elapsedMs());
  }

  #align(): Promise<Exchange> {
    const { station, ports } = this.#parts;
    const ask = async (question: Question) => (await this.#ask([question]))[0];
    const network = ports.bitRate === undefined;
    return align({ station, known: this.#blocks(), ask, nowMs: ports.clock.elapsedMs(), network });
  }

  /** Some devices meet the question with silence, or hang up: those are there all the same, and are not asked again. */
  async #identify(): Promise<Exchange> {
    const [outcome] = await this.#ask([IDENTITY]);
    this.#identityLosses = outcome.kind === 'lost' ? this.#identityLosses + 1 : 0;
    this.#mute = outcome.kind === 'silent' || this.#identityLosses === MAX_IDENTITY_LOSSES;
    this.#unidentified = false;
    if (outcome.kind === 'lost') return exchangeOf(outcome);
    if (outcome.kind === 'data') this.#knownAs(describeIdentity(outcome.data), outcome.at);
    return ANSWERED;
  }

  #knownAs(identity: string, at: Timestamp): void {
    const before = this.#identity;
    this.#identity = identity;
    if (before === undefined || before === identity) return;
    const { ports, device } = this.#parts;
    const detail = `it was ${before} and now answers as ${identity}`;
    ports.events({ at, kind: 'device.identity-changed', source: device.name, detail });
  }
}

function plannedPoint(point: TaggedPoint, maxRegisters: number): PlannedPoint {
  const parsed = parsePointWithin(point, maxRegisters);
  if (!parsed.ok) throw new Error(`point ${point.address} was not checked: ${parsed.fault.detail}`);
  return { ...parsed.value, tag: point.tag };
}
