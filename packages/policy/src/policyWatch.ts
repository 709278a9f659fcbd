/** The policy at the receiving end: says what is taken, and compares what is declared with what comes, at all times. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { ConduitPolicy, Flow } from './conduitPolicy.ts';
import { type FlowFigures, FlowObserver } from './flowObserver.ts';
import { type RefusedTag, RefusedTags } from './refusedTags.ts';

/** A flow of one gateway: what is declared, and what has been seen of it. */
export interface ObservedFlow extends Omit<FlowFigures, 'lastSeen'> {
  readonly gateway: string;
  readonly flow: Flow;
  readonly lastSeen: Timestamp | undefined;
  /** Whether more came in ten seconds than `maxRate` allows. */
  readonly overRate: boolean;
}

export interface PolicyStatus {
  readonly digest: string;
  readonly at: Timestamp;
  readonly flows: readonly ObservedFlow[];
  readonly refused: readonly RefusedTag[];
  /** Samples of refused tags that are not listed, because there were too many. */
  readonly refusedOthers: number;
}

interface KnownTag extends Pick<TagDefinition, 'path' | 'lane'> {
  readonly gateway: string;
}

/** Samples of a gateway that were refused since the last event. */
interface Report {
  atMs: number;
  samples: number;
  readonly tags: Set<string>;
}

const REPORT_MS = 60_000;
const MAX_NAMED = 3;

export class PolicyWatch {
  readonly #policy: ConduitPolicy;
  readonly #clock: Clock;
  readonly #events: EventSink;
  readonly #flows: readonly { readonly gateway: string; readonly flow: Flow }[];
  readonly #rowOf: ReadonlyMap<string, number>;
  readonly #observer: FlowObserver;
  readonly #refused = new RefusedTags();
  readonly #reports = new Map<string, Report>();
  #revision: number | undefined;

  constructor(policy: ConduitPolicy, clock: Clock, events: EventSink) {
    this.#policy = policy;
    this.#clock = clock;
    this.#events = events;
    this.#flows = policy.gateways.flatMap((gateway) => policy.flowsOf(gateway).map((flow) => ({ gateway, flow })));
    this.#rowOf = new Map(this.#flows.map(({ gateway, flow }, row) => [`${gateway} ${flow.name}`, row]));
    this.#observer = new FlowObserver(this.#flows.length);
  }

  admits(gateway: string, path: string, lane: Lane): boolean {
    return this.#policy.decide(gateway, path, lane).allowed;
  }

  /** Counts `samples` of a tag that may not cross; of samples it says so at once, and then once a minute for each gateway. */
  refused(gateway: string, path: string, lane: Lane, samples: number): void {
    this.#refused.add(gateway, path, lane, samples, this.#clock.now());
    const nowMs = this.#clock.elapsedMs();
    const report = this.#reports.get(gateway) ?? { atMs: -REPORT_MS, samples: 0, tags: new Set<string>() };
    this.#reports.set(gateway, report);
    report.samples += samples;
    if (report.tags.size <= MAX_NAMED) report.tags.add(path);
    if (report.samples === 0 || nowMs - report.atMs < REPORT_MS) return;
    const named = [...report.tags].slice(0, MAX_NAMED).join(', ');
    const more = report.tags.size > MAX_NAMED ? ' and others' : '';
    const detail = `the policy does not declare ${named}${more}: ${report.samples} samples were refused`;
    this.#events({ at: this.#clock.now(), kind: 'policy.refused', source: gateway, detail });
    this.#reports.set(gateway, { atMs: nowMs, samples: 0, tags: new Set() });
  }

  /** Counts samples that were taken; `tags` are indexes of `known`, which is another one where `revision` is. */
  taken(tags: Uint32Array, known: readonly KnownTag[], revision: number): void {
    if (revision !== this.#revision) this.#observer.forgetTags();
    this.#revision = revision;
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
      const overRate = flow.maxRate !== undefined && figures.rate10s > flow.maxRate;
      return { gateway, flow, ...figures, lastSeen: lastSeen as Timestamp | undefined, overRate };
    });
    const refused = this.#refused.list();
    const refusedOthers = this.#refused.others;
    return { digest: this.#policy.digest, at: this.#clock.now(), flows, refused, refusedOthers };
  }

  #rowFor({ gateway, path, lane }: KnownTag): number | undefined {
    const { flow } = this.#policy.decide(gateway, path, lane);
    return flow && this.#rowOf.get(`${gateway} ${flow.name}`);
  }
}
