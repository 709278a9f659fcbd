/** Where people on the machine of a gateway see and answer its alarms; what they do is on disk before they are told so. */

import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { AlarmAnswer, AlarmOperationKind, AlarmRequest, LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import type { AlarmKeeper } from '@tidegate/edge/conditioning/alarms/alarmKeeper.ts';
import type { GatewayAlarms } from '@tidegate/edge/conditioning/alarms/gatewayAlarms.ts';

export interface DeskAlarms {
  readonly alarms: GatewayAlarms;
  readonly keeper: AlarmKeeper;
}

/** The states in which an operation on all alarms means anything; one by one, the alarm itself says why it refuses. */
const STATES_OF_ALL: Readonly<Record<AlarmOperationKind, readonly string[]>> = {
  acknowledge: ['unacknowledged', 'returned-unacknowledged', 'latched-unacknowledged'],
  reset: ['latched-acknowledged'],
  shelve: ['unacknowledged', 'acknowledged'],
  unshelve: ['shelved'],
  'remove-from-service': [],
  'return-to-service': ['out-of-service'],
};

export class AlarmDesk {
  readonly #gateway: string;
  readonly #clock: Clock;
  readonly #own: DeskAlarms | undefined;

  constructor(gateway: string, clock: Clock, own: DeskAlarms | undefined) {
    this.#gateway = gateway;
    this.#clock = clock;
    this.#own = own;
  }

  list(): LiveAlarms {
    const alarms = this.#own?.alarms.views() ?? [];
    return { at: this.#clock.now(), gateway: this.#gateway, configured: this.#own !== undefined, alarms };
  }

  /** Throws what the file system throws where it cannot be kept. */
  async operate(request: AlarmRequest): Promise<AlarmAnswer> {
    const { operation, by, comment, forMs = 0, oneShot = false } = request;
    const done: AlarmView[] = [];
    const refused: { alarm: string; fault: Fault }[] = [];
    const asked = operation === 'shelve' ? { kind: operation, forMs, oneShot } : { kind: operation };
    for (const alarm of this.#namesOf(request)) {
      const answer = this.#own?.alarms.operate(alarm, asked, { by, comment });
      if (answer?.ok) done.push(answer.value);
      else if (answer) refused.push({ alarm, fault: answer.fault });
      else
        refused.push({ alarm, fault: { code: 'alarm.unknown', detail: 'No alarms are configured for this gateway.' } });
    }
    if (this.#own) await this.#own.keeper.keep(this.#own.alarms);
    return { at: this.#clock.now(), done, refused };
  }

  #namesOf({ alarms, operation }: AlarmRequest): readonly string[] {
    if (alarms !== 'all') return alarms;
    const states = STATES_OF_ALL[operation];
    return this.list().alarms.flatMap(({ name, state }) => (states.includes(state) ? [name] : []));
  }
}
