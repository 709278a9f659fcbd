/** A plant for benchmarks: what its tags report in each scan, the same for the same seed. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { normalTable, RandomDraws } from './randomDraws.ts';

export type SignalKind = 'analog' | 'setPoint' | 'counter' | 'state';

/** Six of ten tags are analogs, two set points, one a counter and one a state, as plants have them. */
export function signalKind(tag: number): SignalKind {
  const place = tag % 10;
  if (place < 6) return 'analog';
  if (place < 8) return 'setPoint';
  return place === 8 ? 'counter' : 'state';
}

/** Room for what a plant reports; all of it numbers. */
export interface ReportColumns {
  readonly tags: Uint32Array;
  /** Microseconds since 1970 UTC. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly statuses: Uint32Array;
}

/** A tag that says nothing else repeats itself after so many scans. */
export const HEARTBEAT_SCANS = 600;
/** Tags are polled in groups, and all answers of a group have one time. */
const MOST_GROUPS = 64;
const GROUP_OFFSET_US = 13_000;
/** No answer of a scan is later than this. */
export const SCAN_SPREAD_US = 1_000_000;
/** The groups before this one are polled on the millisecond, those after it up to 7 ms late. */
const FIRST_LATE_GROUP = 20;
/** Of 2^32 draws so many begin a spell without communication, which lasts 20 to 79 scans. */
const SPELL_CHANCE = 6_000;
const US_PER_DAY = 86_400e6;
const NORMALS_MASK = 0xfff;

export class Plant {
  readonly #tagCount: number;
  readonly #startUs: number;
  readonly #scanUs: number;
  readonly #random: RandomDraws;
  readonly #normals: Float32Array;
  /** One draw for each tag and two for each group, new in each scan. */
  readonly #draws: Uint32Array;

  readonly #group: Uint8Array;
  readonly #groupTime: Float64Array;
  readonly #spellScans: Uint8Array;

  /** Analog: the signal in counts of its converter. Counter: its reading. Set point and state: the value. */
  readonly #level: Float64Array;
  readonly #reported: Float64Array;
  readonly #reportedScan: Int32Array;
  /** Analog: the level it is drawn to, in counts. Counter: the growth per scan. */
  readonly #mean: Float32Array;
  /** Analog: standard deviations of noise and of drift per scan, and the deadband, in counts. */
  readonly #noise: Float32Array;
  readonly #drift: Float32Array;
  readonly #deadband: Float32Array;
  /** Analog: greatest count, and the scale from counts to engineering units. */
  readonly #fullCounts: Uint16Array;
  readonly #low: Float32Array;
  readonly #span: Float32Array;
  /** Analog: 1 for 32-bit floats, 0 for two decimals. Counter: scans between reports. State: number of states. */
  readonly #form: Uint8Array;
  /** Set point and state: the scan of the next change, and the mean number of scans between changes. */
  readonly #changeScan: Float64Array;
  readonly #changeEvery: Float32Array;
  #scan = 0;

  constructor(tagCount: number, startUs: number, scanUs: number, seed: number) {
    this.#tagCount = tagCount;
    this.#startUs = startUs;
    this.#scanUs = scanUs;
    this.#random = new RandomDraws(seed);
    this.#normals = normalTable(this.#random);
    const groupCount = Math.min(MOST_GROUPS, tagCount);
    this.#draws = new Uint32Array(tagCount + 2 * groupCount);
    this.#group = Uint8Array.from({ length: tagCount }, () => Math.floor(this.#random.uniform() * groupCount));
    this.#groupTime = new Float64Array(groupCount);
    this.#spellScans = new Uint8Array(groupCount);
    this.#level = new Float64Array(tagCount);
    this.#reported = new Float64Array(tagCount).fill(Number.NEGATIVE_INFINITY);
    this.#reportedScan = new Int32Array(tagCount).fill(-HEARTBEAT_SCANS);
    this.#mean = new Float32Array(tagCount);
    this.#noise = new Float32Array(tagCount);
    this.#drift = new Float32Array(tagCount);
    this.#deadband = new Float32Array(tagCount);
    this.#fullCounts = new Uint16Array(tagCount);
    this.#low = new Float32Array(tagCount);
    this.#span = new Float32Array(tagCount);
    this.#form = new Uint8Array(tagCount);
    this.#changeScan = new Float64Array(tagCount);
    this.#changeEvery = new Float32Array(tagCount);
    for (let tag = 0; tag < tagCount; tag++) this.#build(tag);
  }

  #build(tag: number): void {
    const random = this.#random;
    switch (signalKind(tag)) {
      case 'analog': {
        const full = 2 ** random.pick([12, 14, 15, 16]) - 1;
        this.#fullCounts[tag] = full;
        this.#low[tag] = random.pick([0, 0, -50, 4]);
        this.#span[tag] = random.pick([10, 100, 150, 250, 1_000, 16]);
        this.#mean[tag] = full * (0.2 + 0.6 * random.uniform());
        this.#level[tag] = this.#mean[tag];
        this.#noise[tag] = full * (0.0002 + 0.0016 * random.uniform());
        this.#drift[tag] = full * (0.00005 + 0.0004 * random.uniform());
        this.#deadband[tag] = full * (0.001 + 0.003 * random.uniform());
        this.#form[tag] = random.uniform() < 0.7 ? 1 : 0;
        break;
      }
      case 'setPoint':
        this.#level[tag] = Math.round(random.uniform() * 100);
        this.#changeEvery[tag] = 300 + 6_000 * random.uniform();
        break;
      case 'counter':
        this.#level[tag] = Math.floor(random.uniform() * 1e6);
        this.#mean[tag] = 0.2 + 30 * random.uniform();
        this.#form[tag] = random.pick([2, 3, 4, 5, 6, 7, 8, 9]);
        break;
      case 'state':
        this.#form[tag] = random.pick([2, 2, 2, 8]);
        this.#changeEvery[tag] = 30 + 1_500 * random.uniform();
        break;
    }
    this.#changeScan[tag] = random.uniform() * this.#changeEvery[tag];
  }

  /** Writes what the tags report in the next scan from row `row` on, tag after tag, and returns the row after the last. */
  scan({ tags, times, values, statuses }: ReportColumns, row: number): number {
    this.#random.fill(this.#draws);
    this.#pollGroups();
    const day = Math.sin((2 * Math.PI * this.#scan * this.#scanUs) / US_PER_DAY);
    for (let tag = 0; tag < this.#tagCount; tag++) {
      const place = tag % 10;
      let reports: boolean;
      if (place < 6) reports = this.#moveAnalog(tag, day);
      else if (place === 8) reports = this.#moveCounter(tag);
      else reports = this.#moveSteps(tag, place === 9);
      if (!reports) continue;
      this.#reportedScan[tag] = this.#scan;
      const group = this.#group[tag];
      tags[row] = tag;
      times[row] = this.#groupTime[group];
      values[row] = place < 6 ? this.#engineeringValue(tag) : this.#reported[tag];
      statuses[row] = this.#spellScans[group] > 0 ? STATUS.BadNoCommunication : STATUS.Good;
      row++;
    }
    this.#scan++;
    return row;
  }

  #pollGroups(): void {
    const scanTime = this.#startUs + Math.round((this.#scan * this.#scanUs) / 1_000) * 1_000;
    let draw = this.#tagCount;
    for (let group = 0; group < this.#groupTime.length; group++) {
      const lateMs = group < FIRST_LATE_GROUP ? 0 : this.#draws[draw] & 7;
      this.#groupTime[group] = scanTime + group * GROUP_OFFSET_US + lateMs * 1_000;
      const chance = this.#draws[draw + 1];
      if (this.#spellScans[group] > 0) this.#spellScans[group]--;
      else if (chance < SPELL_CHANCE) this.#spellScans[group] = 20 + (chance % 60);
      draw += 2;
    }
  }

  /** Drifts about its mean, which goes up and down with the day; what leaves the deadband around the last report is reported. */
  #moveAnalog(tag: number, day: number): boolean {
    const draw = this.#draws[tag];
    const full = this.#fullCounts[tag];
    const drawnTo = this.#mean[tag] + day * full * 0.05;
    const last = this.#level[tag];
    const level = last + (drawnTo - last) * 0.002 + this.#normals[draw & NORMALS_MASK] * this.#drift[tag];
    this.#level[tag] = level;
    const counts = Math.max(0, Math.min(full, Math.floor(level + this.#normals[draw >>> 20] * this.#noise[tag] + 0.5)));
    if (Math.abs(counts - this.#reported[tag]) <= this.#deadband[tag] && !this.#isDue(tag)) return false;
    this.#reported[tag] = counts;
    return true;
  }

  #engineeringValue(tag: number): number {
    const value = this.#low[tag] + (this.#reported[tag] * this.#span[tag]) / this.#fullCounts[tag];
    return this.#form[tag] === 1 ? Math.fround(value) : Math.round(value * 100) / 100;
  }

  #moveCounter(tag: number): boolean {
    this.#level[tag] += this.#mean[tag] * (0.9 + (0.2 * this.#draws[tag]) / 2 ** 32);
    if (this.#scan - this.#reportedScan[tag] < this.#form[tag]) return false;
    this.#reported[tag] = Math.floor(this.#level[tag]);
    return true;
  }

  #moveSteps(tag: number, isState: boolean): boolean {
    if (this.#scan >= this.#changeScan[tag]) {
      this.#level[tag] = isState
        ? this.#draws[tag] % this.#form[tag]
        : Math.round((this.#draws[tag] / 2 ** 32) * 200) / 2;
      this.#changeScan[tag] = this.#scan - Math.log(1 - this.#random.uniform()) * this.#changeEvery[tag];
    }
    if (this.#level[tag] === this.#reported[tag] && !this.#isDue(tag)) return false;
    this.#reported[tag] = this.#level[tag];
    return true;
  }

  #isDue(tag: number): boolean {
    return this.#scan - this.#reportedScan[tag] >= HEARTBEAT_SCANS;
  }
}
