/** What is counted and measured of one device, for people: how much it is asked, and how it takes that. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { DeviceStatus, RoundTrips } from '@tidegate/core/port/gatewayStatus.ts';
import type { Exchange } from '../driver.ts';
import { SlidingHistogram } from './slidingHistogram.ts';

type Figures = Pick<
  DeviceStatus,
  'requests' | 'refusals' | 'timeouts' | 'failures' | 'lastFailure' | 'roundTrips' | 'scanLatenessP99Ms'
>;

export class DeviceStatistics {
  /** From a tick to the first request of its scan. */
  readonly lateness: SlidingHistogram;
  readonly #clock: Clock;
  readonly #roundTrips: SlidingHistogram;
  #requests = 0;
  #refusals = 0;
  #timeouts = 0;
  #failures = 0;
  #lastFailure: DeviceStatus['lastFailure'];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.lateness = new SlidingHistogram(clock);
    this.#roundTrips = new SlidingHistogram(clock);
  }

  exchanged(exchange: Exchange, tookMs: number): void {
    const { requests = 1 } = exchange;
    this.#requests += requests;
    if (exchange.outcome === 'silent' && requests > 0) this.#timeouts++;
    if (exchange.outcome !== 'answered' && exchange.outcome !== 'refused') return;
    this.#roundTrips.add(tookMs);
    if (exchange.outcome === 'answered') return;
    this.#refusals++;
    this.failed(exchange.detail);
  }

  /** Whatever it was. */
  failed(detail: string): void {
    this.#failures++;
    this.#lastFailure = { at: this.#clock.now(), detail };
  }

  figures(): Figures {
    const roundTrips = this.#quantiles();
    const scanLatenessP99Ms = this.lateness.quantileMs(0.99);
    return {
      requests: this.#requests,
      refusals: this.#refusals,
      timeouts: this.#timeouts,
      failures: this.#failures,
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
      ...(roundTrips && { roundTrips }),
      ...(scanLatenessP99Ms === undefined ? {} : { scanLatenessP99Ms }),
    };
  }

  #quantiles(): RoundTrips | undefined {
    const times = this.#roundTrips;
    const p99Ms = times.quantileMs(0.99);
    if (p99Ms === undefined) return undefined;
    return { p50Ms: times.quantileMs(0.5)!, p95Ms: times.quantileMs(0.95)!, p99Ms, maxMs: times.maxMs };
  }
}
