/** The policy at the receiving end: says what is taken, and compares what is declared with what comes, at all times. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { ConduitPolicy, Flow } from './conduitPolicy.ts';
import { type FlowFigures, FlowObserver } from './flowObserver.ts';
import { type BlockArrival, ReceivedRates } from './receivedRates.ts';
import { type RefusedTag, RefusedTags, type TagRefusal } from './refusedTags.ts';

/** A flow of one gateway: what is declared, and what has been seen of it. */
export interface ObservedFlow extends Omit<FlowFigures, 'lastSeen'> {
  readonly gateway: string;
  readonly flow: Flow;
  readonly lastSeen: Timestamp | undefined;
  /** Samples that were left out, because they were more than `maxRate` allows. */
  readonly refused: number;
  /** Whether there were such in the last minute. */
  readonly overRate: boolean;
}

export interface PolicyStatus {
  /** `undefined` where there is no policy. */
  readonly digest: string | undefined;
  readonly at: Timestamp;
  readonly flows: readonly ObservedFlow[];
  readonly refused: readonly RefusedTag[];
  /** Samples of refused tags that are not listed, because there were too many. */
  readonly refusedOthers: number;
}

interface KnownTag extends Pick<TagDefinition, 'path' | 'lane'> {
  readonly gateway: string;
}

/** What of a block is within the rates of its flows. */
export interface RateCut {
  readonly rows: readonly number[];
  /** How many samples of which flow are not, for `exceeded`. */
  readonly refused: ReadonlyMap<number, number>;
}

/** Samples that were refused since the last event. */
interface Report {
  atMs: number;
  samples: number;
  readonly tags: Set<string>;
}

interface Excess {
  samples: number;
  lastMs: number;
  report: Omit<Report, 'tags'>;
}

const REPORT_MS = 60_000;
const MAX_NAMED = 3;

const REASONS: Readonly<Record<TagRefusal, string>> = {
  undeclared: 'the policy does not declare',
  owned: 'another gateway has had before this one',
  foreign: 'a gateway reports on itself only, and this is no report of its own:',
};

export class PolicyWatch {
  readonly #policy: ConduitPolicy | undefined;
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #flows: readonly { readonly gateway: string; readonly flow: Flow }[];
  readonly #rowOf: ReadonlyMap<string, number>;
  readonly #observer: FlowObserver;
  readonly #rates: ReceivedRates;
  /** Of the block at hand, by flow. */
  readonly #counts: Uint32Array;
  readonly #excess = new Map<number, Excess>();
  readonly #refused = new RefusedTags();
  readonly #reports = new Map<string, Report>();
  /** By which policy each gateway goes, as it said last. */
  readonly #gateways = new Map<string, { readonly at: Timestamp; readonly agrees: boolean }>();
  #revision: number | undefined;

  /** Without a policy everything may cross, and what is refused is refused for another reason. */
  constructor(policy: ConduitPolicy | undefined, clock: Clock, events: EventSink) {
    this.#policy = policy;
    this.#clock = clock;
    this.#events = events;
    const gateways = policy?.gateways ?? [];
    this.#flows = gateways.flatMap((gateway) => policy!.flowsOf(gateway).map((flow) => ({ gateway, flow })));
    this.#rowOf = new Map(this.#flows.map(({ gateway, flow }, row) => [`${gateway} ${flow.name}`, row]));
    this.#observer = new FlowObserver(this.#flows.length);
    this.#rates = new ReceivedRates(this.#flows.map(({ flow }) => flow.maxRate));
    this.#counts = new Uint32Array(this.#flows.length + 1);
  }

  get isOpen(): boolean {
    return this.#policy === undefined;
  }

  admits(gateway: string, path: string, lane: Lane): boolean {
    return this.#policy?.decide(gateway, path, lane).allowed ?? true;
  }

  /** Says so when a gateway begins to go by another policy than this end, and when it does so no longer. */
  heard(gateway: string, policy: string | undefined, at: Timestamp): void {
    const before = this.#gateways.get(gateway);
    // Of lanes that come by different ways, one may still tell what was before.
    if (before && at < before.at) return;
    const ours = this.#policy?.shortDigest;
    this.#gateways.set(gateway, { at, agrees: policy === ours });
    if ((before?.agrees ?? true) === (policy === ours)) return;
    const kind = policy === ours ? 'policy.agrees' : 'policy.differs';
    const detail =
      policy === ours
        ? 'the gateway goes by the policy of this end again'
        : `the gateway goes by ${policyName(policy)}, and this end by ${policyName(ours)}: what only one of them declares does not cross`;
    this.#events({ at: this.#clock.now(), kind, source: gateway, detail });
  }

  /**
   * Counts `samples` of a tag that is not taken, and says so at once, and then once a minute for each gateway and reason; of
   * a tag that is only undeclared not before there are samples of it.
   */
  refused(gateway: string, path: string, lane: Lane, samples: number, reason: TagRefusal): void {
    this.#refused.add({ gateway, path, lane, reason }, samples, this.#clock.now());
    const nowMs = this.#clock.elapsedMs();
    const key = `${reason} ${gateway}`;
    const report = this.#reports.get(key) ?? { atMs: -REPORT_MS, samples: 0, tags: new Set<string>() };
    this.#reports.set(key, report);
    report.samples += samples;
    if (report.tags.size <= MAX_NAMED) report.tags.add(path);
    if ((report.samples === 0 && reason === 'undeclared') || nowMs - report.atMs < REPORT_MS) return;
    const named = [...report.tags].slice(0, MAX_NAMED).join(', ');
    const more = report.tags.size > MAX_NAMED ? ' and others' : '';
    const detail = `${REASONS[reason]} ${named}${more}: ${report.samples} samples were refused`;
    this.#events({ at: this.#clock.now(), kind: 'policy.refused', source: gateway, detail });
    this.#reports.set(key, { atMs: nowMs, samples: 0, tags: new Set() });
  }

  /**
   * What of a block may be taken by the rates of its flows, of which it uses that up; `undefined` where all of it may. Of
   * row `i` the tag is `known[tags[i]]`; `known` is another one where `revision` is.
   */
  withinRates(
    arrival: BlockArrival,
    tags: Uint32Array,
    known: readonly KnownTag[],
    revision: number,
  ): RateCut | undefined {
    if (!this.#rates.limited) return undefined;
    this.#turnTo(revision);
    const counts = this.#countFlows(tags, known);
    const refused = new Map<number, number>();
    for (let flow = 0; flow < this.#flows.length; flow++) {
      if (counts[flow] === 0) continue;
      const within = this.#rates.take(flow, counts[flow], arrival);
      if (within < counts[flow]) refused.set(flow, counts[flow] - within);
      counts[flow] = within;
    }
    if (refused.size === 0) return undefined;
    const rows: number[] = [];
    for (let row = 0; row < tags.length; row++) {
      const flow = this.#observer.flowOf(tags[row]);
      if (refused.has(flow)) {
        if (counts[flow] === 0) continue;
        counts[flow]--;
      }
      rows.push(row);
    }
    return { rows, refused };
  }

  /** Counts samples that `withinRates` left out; it says so at once, and then once a minute for each flow. */
  exceeded(refused: ReadonlyMap<number, number>): void {
    const nowMs = this.#clock.elapsedMs();
    for (const [row, samples] of refused) {
      const unsaid = { atMs: -REPORT_MS, samples: 0 };
      const excess = this.#excess.get(row) ?? { samples: 0, lastMs: nowMs, report: unsaid };
      this.#excess.set(row, excess);
      excess.samples += samples;
      excess.lastMs = nowMs;
      excess.report.samples += samples;
      if (nowMs - excess.report.atMs < REPORT_MS) continue;
      const { gateway, flow } = this.#flows[row];
      const detail = `the flow ${flow.name} is faster than the ${flow.maxRate} samples per second that the policy declares: ${excess.report.samples} samples were refused`;
      this.#events({ at: this.#clock.now(), kind: 'policy.refused', source: gateway, detail });
      excess.report = { atMs: nowMs, samples: 0 };
    }
  }

  /** Counts samples that were taken; `tags` are indexes of `known`, which is another one where `revision` is. */
  taken(tags: Uint32Array, known: readonly KnownTag[], revision: number): void {
    if (this.isOpen) return;
    this.#turnTo(revision);
    const [at, elapsedMs] = [this.#clock.now(), this.#clock.elapsedMs()];
    const strangers = this.#observer.observe(tags, at, elapsedMs);
    if (strangers.size === 0) return;
    for (const tag of strangers) this.#observer.assign(tag, this.#rowFor(known[tag]));
    this.#observer.observe(
      tags.filter((tag) => strangers.has(tag)),
      at,
      elapsedMs,
    );
  }

  status(): PolicyStatus {
    const elapsedMs = this.#clock.elapsedMs();
    const flows = this.#flows.map(({ gateway, flow }, row): ObservedFlow => {
      const { lastSeen, ...figures } = this.#observer.figures(row, elapsedMs);
      const excess = this.#excess.get(row);
      const overRate = excess !== undefined && elapsedMs - excess.lastMs < REPORT_MS;
      const refused = excess?.samples ?? 0;
      return { gateway, flow, ...figures, lastSeen: lastSeen as Timestamp | undefined, refused, overRate };
    });
    const refused = this.#refused.list();
    const refusedOthers = this.#refused.others;
    return { digest: this.#policy?.digest, at: this.#clock.now(), flows, refused, refusedOthers };
  }

  /** After another revision every tag may be of another flow. */
  #turnTo(revision: number): void {
    if (revision !== this.#revision) this.#observer.forgetTags();
    this.#revision = revision;
  }

  /** How many samples of a block are of the flow of each row; those that need none are counted behind the last. */
  #countFlows(tags: Uint32Array, known: readonly KnownTag[]): Uint32Array {
    const strangers = this.#observer.count(tags, this.#counts.fill(0));
    if (strangers.size === 0) return this.#counts;
    for (const tag of strangers) this.#observer.assign(tag, this.#rowFor(known[tag]));
    this.#observer.count(tags, this.#counts.fill(0));
    return this.#counts;
  }

  #rowFor({ gateway, path, lane }: KnownTag): number | undefined {
    const flow = this.#policy?.decide(gateway, path, lane).flow;
    return flow && this.#rowOf.get(`${gateway} ${flow.name}`);
  }
}

function policyName(shortDigest: string | undefined): string {
  return shortDigest === undefined ? 'no policy' : `the policy ${shortDigest}`;
}
