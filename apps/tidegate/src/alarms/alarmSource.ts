/** Asks a gateway on this machine for its alarms, and answers them, over the socket in its data directory. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import {
  ALARMS_ADDRESS,
  type AlarmAnswer,
  type AlarmRequest,
  type LiveAlarms,
} from '@tidegate/core/port/liveAlarms.ts';
import { GatewaySocket } from '../live/gatewaySocket.ts';

export class AlarmSource {
  readonly #socket: GatewaySocket;

  constructor(directory: string) {
    this.#socket = new GatewaySocket(directory);
  }

  /** Faults: `live.unreachable`, `api.answer`. */
  list(): Promise<Result<LiveAlarms>> {
    return this.#socket.ask<LiveAlarms>(ALARMS_ADDRESS);
  }

  /** Faults: `live.unreachable`, `api.answer`, and what the gateway answers, such as `request.invalid`. */
  operate(request: AlarmRequest): Promise<Result<AlarmAnswer>> {
    return this.#socket.ask<AlarmAnswer>(ALARMS_ADDRESS, request);
  }
}
