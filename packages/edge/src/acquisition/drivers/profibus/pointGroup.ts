/** The points of one scan class of one station. Nothing is asked, so every tick is answered at once from what was heard. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode, severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { Exchange, ScanClassPoints, ScanGroup } from '../../driver.ts';
import type { Readings } from '../../readings.ts';
import { busValue } from './busValue.ts';
import type { Image } from './dp/image.ts';
import { SLAVE_STATES } from './dp/slave.ts';
import { type BusPoint, type BytePoint, type ProfibusPoint, parsePoint, type StatePoint } from './points.ts';
import { readValue } from './readValue.ts';
import type { Station } from './station.ts';

type Tagged<P> = P & { readonly tag: number };

export class PointGroup implements ScanGroup {
  readonly requests = 0;
  readonly pending = 0;
  readonly #station: Station;
  readonly #intervalMs: number;
  readonly #readings: Readings;
  readonly #points: readonly Tagged<ProfibusPoint>[];
  #defect: string | undefined;

  constructor(station: Station, { intervalMs, points }: ScanClassPoints, readings: Readings) {
    this.#station = station;
    this.#intervalMs = intervalMs;
    this.#readings = readings;
    this.#points = points.map((spec) => {
      const point = parsePoint(spec);
      if (!point.ok) throw new Error(`point ${spec.address} was not checked: ${point.fault.detail}`);
      return { ...point.value, tag: spec.tag };
    });
  }

  /** A point that lay outside of what the slave exchanges at the last tick; one sentence. */
  get defect(): string | undefined {
    return this.#defect;
  }

  begin(): void {
    const now = this.#station.now;
    const { slave } = this.#station;
    const inputs = this.#station.imageStatus(slave?.inputs, this.#intervalMs);
    const outputs = this.#station.imageStatus(slave?.outputs, this.#intervalMs);
    this.#defect = undefined;
    for (const point of this.#points) {
      if (point.area === 'bus') this.#readBus(point, now);
      else if (point.area === 'state') this.#readState(point, now);
      else if (point.area === 'diagnosis') this.#readBytes(point, slave?.diagnosisImage, this.#diagnosisStatus, now);
      else if (point.area === 'input') this.#readBytes(point, slave?.inputs, inputs, now);
      // Told to clear, the slave has its substitute values at its terminals, whatever is sent to it.
      else this.#readBytes(point, slave?.outputs, slave?.cleared ? substituteOf(outputs) : outputs, now);
    }
    this.#readings.flush();
  }

  /** Never called: nothing is ever pending. */
  async step(): Promise<Exchange> {
    return { outcome: 'answered' };
  }

  fail(): void {}

  /** What a slave has said of itself holds until it says something else. */
  get #diagnosisStatus(): StatusCode {
    const presence = this.#station.presenceStatus();
    const unknown = this.#station.slave?.diagnosis === undefined;
    return presence === STATUS.Good && unknown ? STATUS.BadWaitingForInitialData : presence;
  }

  #readBytes(point: Tagged<BytePoint>, image: Image | undefined, imageStatus: StatusCode, now: Timestamp): void {
    const { area, tag, width } = point;
    const at = image && !isBad(imageStatus) ? this.#offsetOf(point) : undefined;
    if (!image || at === undefined) {
      const status = isBad(imageStatus) ? imageStatus : STATUS.BadWaitingForInitialData;
      this.#readings.none(tag, now, status);
    } else if (at < 0 || at + width > image.length) {
      const place = point.slot === undefined ? '' : ` of slot ${point.slot}`;
      this.#defect = `the device has no ${area} bytes ${point.offset} to ${point.offset + width - 1}${place}`;
      this.#readings.none(tag, now, STATUS.BadConfigurationError);
    } else {
      const faulty = area !== 'diagnosis' && imageStatus === STATUS.Good && this.#station.isFaulty(area, at, width);
      readValue(point, image, at, tag, image.at, faulty ? STATUS.Uncertain : imageStatus, this.#readings);
    }
  }

  /** Where the value begins in the image: `undefined` while that is not known, below 0 where the slot does not hold it. */
  #offsetOf({ area, slot, offset, width }: BytePoint): number | undefined {
    if (slot === undefined || area === 'diagnosis') return offset;
    const { layout } = this.#station;
    if (!layout || !this.#station.layoutFits) return undefined;
    const place = layout.placeOf(slot, area);
    return place && offset + width <= place.bytes ? place.start + offset : -1;
  }

  #readState({ name, dataType, tag }: Tagged<StatePoint>, now: Timestamp): void {
    const presence = this.#station.presenceStatus();
    // That a station is not there is a state, too; of its diagnosis it says nothing.
    const absent = presence === STATUS.BadNoCommunication && name === 'state';
    const state = (absent ? undefined : this.#station.slave?.state) ?? 'no answer';
    if (isBad(presence) && !absent) this.#readings.none(tag, now, presence);
    else if (name === 'text') this.#readings.text(tag, now, this.#station.diagnosisText(), STATUS.Good);
    else if (dataType === 'string') this.#readings.text(tag, now, state, STATUS.Good);
    else this.#readings.number(tag, now, SLAVE_STATES.indexOf(state), STATUS.Good);
  }

  #readBus({ name, tag }: Tagged<BusPoint>, now: Timestamp): void {
    const value = busValue(name, this.#station.bus);
    if (!this.#station.listening) this.#readings.none(tag, now, STATUS.BadNotConnected);
    else if (value === undefined) this.#readings.none(tag, now, STATUS.BadWaitingForInitialData);
    else this.#readings.number(tag, now, value, STATUS.Good);
  }
}

function isBad(status: StatusCode): boolean {
  return severityOf(status) === 'bad';
}

function substituteOf(status: StatusCode): StatusCode {
  return status === STATUS.Good ? STATUS.UncertainSubstituteValue : status;
}
