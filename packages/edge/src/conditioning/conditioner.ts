/**
 * Turns readings into samples worth keeping: scales numbers, checks their range, and leaves out what says nothing new.
 *
 * Per sample, in this order: number times scale plus offset; a good number outside its range becomes uncertain
 * (`UncertainEngineeringUnitsExceeded`) and keeps its value, any other status stays as the driver gave it; then report by
 * exception, and behind it compression (`swingingDoors.ts`), where the tag has it.
 *
 * Report by exception: a sample is kept when it is the first of its tag, or differs from the last one kept in status, in the kind
 * of its value, in its text, or as a number by more than the deviation, or when the maximum interval has passed.
 *
 * Where a change ends a time in which samples were suppressed, the last of those is kept as well, before it, so that a
 * line drawn through the kept samples does not slope where the value stood still. After the maximum interval alone it is
 * not: nothing has changed. Nor is it where no such line is drawn, through the steps of a stepped tag and between texts.
 *
 * A sample that is older than one read before is late: an event that an outstation tells after its state, or a clock that was
 * set back. It is kept whatever it says, because what stood beside it in time is not known any more, and no later sample is
 * compared with it. Where one that was suppressed or held back lies behind it, that one is kept after all: it shows what came
 * after.
 *
 * Whoever watches a tag, an alarm of this gateway, sees every reading of it when its range has been checked.
 *
 * Of a tag that the conduit policy forbids nothing is kept: its samples are counted. What is kept of the others counts
 * against the rate of their flow, where it has one; beyond it samples are refused.
 *
 * What is left out where, how far from the line, and what is promised of it stands in `README.md` beside this file.
 *
 * Not-a-number equals itself and differs from every number. An infinity equals itself and differs from the rest by more
 * than any deviation.
 */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { RateBuckets } from '@tidegate/policy/rateBuckets.ts';
import type { ConditionedCounts, LaneWriter } from './laneWriter.ts';
import type { ReadingWatcher } from './readingWatcher.ts';
import { NO_DOOR } from './swingingDoors.ts';
import { NO_LANE, NO_RATE, type SeenColumns, type SeenSample, TagColumns, Treatment } from './tagColumns.ts';
import type { TagRule } from './tagRule.ts';

/** Kept samples are handed on when there are this many, or at the end of a batch. */
const HANDOVER_SAMPLES = 8192;
/** Samples of tags that nobody knows belong to no lane; they are counted where people look first. */
const LANE_OF_STRANGERS = LANES.indexOf('operational');
/** The severity is in the two highest bits of a status; good is 00 (OPC UA Part 4, 7.39). */
const SEVERITY_SHIFT = 30;

/** Of a tag with one of these not everything is kept. */
const CHOOSY = Treatment.byException | Treatment.compressed | Treatment.forbidden | Treatment.limited;

const Verdict = { suppress: 0, keep: 1, keepWithHeld: 2, late: 3 } as const;

interface LaneOutput {
  readonly writer: LaneWriter;
  readonly kept: SampleBlockBuilder;
  readonly counts: { -readonly [Count in keyof ConditionedCounts]: number };
}

export class Conditioner implements SampleSink {
  readonly #tags: TagColumns;
  readonly #rates: RateBuckets;
  /** By the code of the lane. */
  readonly #outputs: readonly LaneOutput[];
  readonly #watcher: ReadingWatcher | undefined;

  /** `rates` are those of the flows that the rules name, in samples per second; `watcher` is who watches the tags that are. */
  constructor(
    rules: readonly TagRule[],
    writers: Readonly<Record<Lane, LaneWriter>>,
    rates: readonly number[] = [],
    watcher?: ReadingWatcher,
  ) {
    this.#tags = new TagColumns(rules);
    this.#watcher = watcher;
    this.#rates = new RateBuckets(rates);
    this.#outputs = LANES.map((lane) => ({
      writer: writers[lane],
      kept: new SampleBlockBuilder(),
      counts: { read: 0, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0 },
    }));
  }

  write(samples: SampleBlock): void {
    const { lane, treatment, scale, offset, low, high } = this.#tags;
    for (let index = 0; index < samples.count; index++) {
      const tag = samples.tags[index];
      const kind = samples.kinds[index];
      let value = samples.values[index];
      let status = samples.statuses[index];
      const code = tag < lane.length ? lane[tag] : NO_LANE;
      if (code === NO_LANE) {
        refuse(this.#outputs[LANE_OF_STRANGERS], status);
        continue;
      }
      const treatments = treatment[tag];
      if (kind === ValueKind.number) {
        if (treatments & Treatment.scaled) value = value * scale[tag] + offset[tag];
        const isRanged = treatments & Treatment.ranged && status >>> SEVERITY_SHIFT === 0;
        if (isRanged && !(value >= low[tag] && value <= high[tag])) status = STATUS.UncertainEngineeringUnitsExceeded;
      }
      if (treatments & Treatment.watched) {
        const said = kind === ValueKind.string ? samples.strings[samples.values[index]] : '';
        this.#watcher?.read(tag, samples.times[index], value, kind, status, said);
      }
      const output = this.#outputs[code];
      if (kind === ValueKind.number && (treatments & CHOOSY) === 0) {
        this.#pass(output, tag, samples.times[index], value, status);
      } else {
        const text = kind === ValueKind.string ? samples.strings[value] : '';
        this.#condition(output, tag, samples.times[index], value, kind, status, text);
      }
    }
    for (const output of this.#outputs) handOver(output);
  }

  /**
   * Keeps the samples that compression has held back for as long as it may, whether or not another comes. To be called
   * about once a second with the time by a clock that never goes back.
   */
  releaseOverdue(elapsedMs: number): void {
    const { doors } = this.#tags;
    doors.nowMs = elapsedMs;
    this.#rates.refill(elapsedMs);
    for (let door = 0; door < doors.tag.length; door++) {
      const heldUs = (elapsedMs - doors.hungMs[door]) * US_PER_MS;
      if (doors.isHeld[door] === 1 && heldUs >= doors.maxIntervalUs[door]) this.#keepHeldBack(door);
    }
    for (const output of this.#outputs) handOver(output);
  }

  /** Keeps every sample that compression holds back: nothing more will come. */
  release(): void {
    const { doors } = this.#tags;
    for (let door = 0; door < doors.tag.length; door++) {
      if (doors.isHeld[door] === 1) this.#keepHeldBack(door);
    }
    for (const output of this.#outputs) handOver(output);
  }

  /**
   * What was read last of the tag, scaled and with its range checked, whatever became of it; `undefined` where nothing was.
   * It costs nothing to know: what was kept or suppressed last is remembered anyway.
   */
  latest(tag: number): SeenSample | undefined {
    const { aside, held, last } = this.#tags;
    const seen = [aside, held, last].find(({ present }) => present[tag] === 1);
    return seen?.sample(tag);
  }

  /** Keeps a number of a tag of which everything is kept. */
  #pass(output: LaneOutput, tag: number, time: number, value: number, status: number): void {
    const { counts, kept } = output;
    const { aside } = this.#tags;
    counts.read++;
    if (status >>> SEVERITY_SHIFT !== 0) counts.notGood++;
    aside.present[tag] = 1;
    aside.time[tag] = time;
    aside.value[tag] = value;
    aside.kind[tag] = ValueKind.number;
    aside.status[tag] = status;
    kept.pushNumber(tag, time, value, status);
    if (kept.count >= HANDOVER_SAMPLES) handOver(output);
  }

  #condition(
    output: LaneOutput,
    tag: number,
    time: number,
    value: number,
    kind: number,
    status: number,
    text: string,
  ): void {
    const { treatment, doors } = this.#tags;
    const { counts, kept } = output;
    const treatments = treatment[tag];
    if (treatments & Treatment.forbidden) {
      remember(this.#tags.aside, tag, time, value, kind, status, text);
      refuse(output, status);
      counts.forbidden++;
      return;
    }
    counts.read++;
    if (status >>> SEVERITY_SHIFT !== 0) counts.notGood++;

    const door = treatments & Treatment.compressed ? doors.ofTag[tag] : NO_DOOR;
    if (treatments & Treatment.byException) {
      this.#tags.aside.present[tag] = 0;
      const verdict = this.#judge(tag, door, time, value, kind, status, text);
      if (verdict === Verdict.suppress) {
        counts.suppressed++;
        remember(this.#tags.held, tag, time, value, kind, status, text);
        return;
      }
      if (verdict === Verdict.late) {
        remember(this.#tags.aside, tag, time, value, kind, status, text);
        this.#keep(output, tag, time, value, kind, status, text);
        this.#keepHeldBehind(output, tag, time);
        if (door !== NO_DOOR && doors.isHeld[door] === 1 && doors.isBehind(door, time)) this.#keepHeldBack(door);
        return;
      }
      if (verdict === Verdict.keepWithHeld && !(treatments & Treatment.stepped))
        this.#keepHeldBetween(output, tag, time);
      this.#tags.held.present[tag] = 0;
      remember(this.#tags.last, tag, time, value, kind, status, text);
    } else remember(this.#tags.aside, tag, time, value, kind, status, text);
    if (door === NO_DOOR) this.#keep(output, tag, time, value, kind, status, text);
    else this.#compress(output, door, time, value, kind, status, text);
    if (kept.count >= HANDOVER_SAMPLES) handOver(output);
  }

  #judge(tag: number, door: number, time: number, value: number, kind: number, status: number, text: string): number {
    const { held, last, deviation, minIntervalUs, maxIntervalUs, doors } = this.#tags;
    if (last.present[tag] === 0) return Verdict.keep;
    if (time < (held.present[tag] ? held : last).time[tag]) return Verdict.late;
    if (status !== last.status[tag] || kind !== last.kind[tag]) return Verdict.keepWithHeld;
    const elapsedUs = time - last.time[tag];
    let changed = false;
    if (kind === ValueKind.number) {
      changed =
        elapsedUs >= minIntervalUs[tag] &&
        (differs(value, last.value[tag], deviation[tag]) ||
          (door !== NO_DOOR && doors.leavesLine(door, elapsedUs, value - last.value[tag])));
    } else if (kind === ValueKind.string) changed = text !== last.text[tag];
    if (changed) return Verdict.keepWithHeld;
    const isDue = elapsedUs >= maxIntervalUs[tag] || (door !== NO_DOOR && doors.isDue(door, time));
    return isDue ? Verdict.keep : Verdict.suppress;
  }

  /** Ends the line on which nothing changed with the last suppressed sample, if it lies between the last one kept and the one that is coming. */
  #keepHeldBetween(output: LaneOutput, tag: number, before: number): void {
    const { held, last } = this.#tags;
    const time = held.time[tag];
    const between = time > last.time[tag] && time < before;
    if (held.present[tag] && between && held.kind[tag] !== ValueKind.string) this.#keepHeld(output, tag);
  }

  /** A late sample after the last one kept would otherwise seem to hold on. */
  #keepHeldBehind(output: LaneOutput, tag: number, late: number): void {
    const { held, last } = this.#tags;
    if (held.present[tag] === 0 || late < last.time[tag]) return;
    this.#keepHeld(output, tag);
    held.present[tag] = 0;
    last.time[tag] = held.time[tag];
    last.value[tag] = held.value[tag];
  }

  #keepHeld(output: LaneOutput, tag: number): void {
    const { held, treatment, doors } = this.#tags;
    const { time, value, kind, status, text } = held;
    output.counts.suppressed--;
    if (treatment[tag] & Treatment.compressed) {
      this.#compress(output, doors.ofTag[tag], time[tag], value[tag], kind[tag], status[tag], text[tag]);
    } else this.#keep(output, tag, time[tag], value[tag], kind[tag], status[tag], text[tag]);
  }

  /** What becomes of a sample that report by exception has passed on, of a tag that has a door. */
  #compress(
    output: LaneOutput,
    door: number,
    time: number,
    value: number,
    kind: number,
    status: number,
    text: string,
  ): void {
    const { doors } = this.#tags;
    doors.startLine(door);
    if (doors.mustKeepHeld(door, time, value, kind, status)) this.#keepHeldBack(door);
    if (doors.hold(door, time, value, kind, status)) output.counts.compressed++;
    else this.#keep(output, doors.tag[door], time, value, kind, status, text);
  }

  #keepHeldBack(door: number): void {
    const { doors, lane } = this.#tags;
    const tag = doors.tag[door];
    const output = this.#outputs[lane[tag]];
    const { heldTime, heldValue, status } = doors;
    this.#keep(output, tag, heldTime[door], heldValue[door], ValueKind.number, status[door], '');
    output.counts.compressed--;
    doors.hangAtHeld(door);
  }

  /** Hands a sample on, unless its flow has had all that it may. */
  #keep(
    { kept, counts }: LaneOutput,
    tag: number,
    time: number,
    value: number,
    kind: number,
    status: number,
    text: string,
  ): void {
    const rate = this.#tags.rate[tag];
    if (rate === NO_RATE || this.#rates.take(rate)) {
      push(kept, tag, time, value, kind, status, text);
      return;
    }
    counts.refused++;
    counts.forbidden++;
  }
}

/** Counts a sample that is not taken at all. */
function refuse({ counts }: LaneOutput, status: number): void {
  counts.read++;
  counts.refused++;
  if (status >>> SEVERITY_SHIFT !== 0) counts.notGood++;
}

function push(
  kept: SampleBlockBuilder,
  tag: number,
  time: number,
  value: number,
  kind: number,
  status: number,
  text: string,
): void {
  if (kind === ValueKind.number) kept.pushNumber(tag, time, value, status);
  else if (kind === ValueKind.string) kept.pushString(tag, time, text, status);
  else kept.pushStatus(tag, time, status);
}

function differs(value: number, last: number, deviation: number): boolean {
  if (value === last) return false;
  // Not-a-number is neither above nor below anything.
  if (Number.isNaN(value) || Number.isNaN(last)) return Number.isNaN(value) !== Number.isNaN(last);
  // Compared with the bounds, not by the difference: 1.2 + 0.1 is 1.3 in doubles, and 1.3 - 1.2 is more than 0.1.
  return value > last + deviation || value < last - deviation;
}

function remember(
  seen: SeenColumns,
  tag: number,
  time: number,
  value: number,
  kind: number,
  status: number,
  text: string,
): void {
  seen.present[tag] = 1;
  seen.time[tag] = time;
  seen.value[tag] = value;
  seen.kind[tag] = kind;
  seen.status[tag] = status;
  if (kind === ValueKind.string) seen.text[tag] = text;
}

function handOver({ writer, kept, counts }: LaneOutput): void {
  if (counts.read === 0 && kept.count === 0) return;
  writer.write(kept, counts);
  kept.clear();
  counts.read = 0;
  counts.notGood = 0;
  counts.suppressed = 0;
  counts.compressed = 0;
  counts.refused = 0;
  counts.forbidden = 0;
}
