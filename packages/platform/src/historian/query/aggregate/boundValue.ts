/** The value at one end of an interval: bounding values of OPC 10000-13, 3.1.7 to 3.1.9. */

import { AGGREGATE_STATUS, INFO } from './aggregateStatus.ts';
import { Quality, type SamplePoint } from './samplePoint.ts';

export class BoundValue {
  time = Number.NaN;
  value = Number.NaN;
  text: string | undefined = undefined;
  quality: Quality = Quality.bad;
  /** Whether it is a sample rather than an estimate. */
  isRaw = false;
  /** Without the flags: of a sample its own, of an estimate Good or UncertainDataSubNormal, otherwise BadNoData. */
  status: number = AGGREGATE_STATUS.NoData;

  get exists(): boolean {
    return this.quality !== Quality.bad;
  }

  /** `INFO.raw` or `INFO.interpolated`. */
  get info(): number {
    return this.isRaw || !this.exists ? INFO.raw : INFO.interpolated;
  }

  setNone(time: number): void {
    this.time = time;
    this.quality = Quality.bad;
    this.isRaw = false;
    this.text = undefined;
    this.status = AGGREGATE_STATUS.NoData;
  }

  /** A sample at the very time; a bad one leaves nothing but BadNoData (3.1.9). */
  setRaw(point: SamplePoint): void {
    if (point.quality === Quality.bad) {
      this.setNone(point.time);
      return;
    }
    this.time = point.time;
    this.value = point.value;
    this.text = point.text;
    this.quality = point.quality;
    this.isRaw = true;
    this.status = point.status;
  }

  setEstimate(time: number, value: number, text: string | undefined, quality: Quality): void {
    this.time = time;
    this.value = value;
    this.text = text;
    this.quality = quality;
    this.isRaw = false;
    this.status = quality === Quality.good ? AGGREGATE_STATUS.Good : AGGREGATE_STATUS.SubNormal;
  }
}
