/** Where work orders go: a file, a webhook, a maintenance system. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import type { HealthCase } from './healthCase.ts';

export interface WorkOrder {
  /** The same for every attempt at the same order, and for no other: it makes the second one harmless. */
  readonly key: string;
  readonly case: HealthCase;
  readonly by: string;
  readonly comment: string;
  /** µs since 1970 UTC. */
  readonly at: number;
}

export interface WorkOrderPort {
  /** As it is called in the configuration, and on the case. */
  readonly name: string;
  /**
   * Gives the reference of the order there, in bounded time. The same order again gives the same reference and no second order.
   * Fault `health.order-failed`.
   */
  place(order: WorkOrder): Promise<Result<string>>;
}
