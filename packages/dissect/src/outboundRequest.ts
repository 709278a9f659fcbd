/** What a guard wants to know of a frame before it lets it out, in any protocol. */

import type { Result } from '@tidegate/core/fault/fault.ts';

/**
 * What a frame does to the device that obeys it. `read` asks for data; `session` changes the conversation and nothing in
 * the process; `write` changes the process, the device or its program; `unknown` is everything that no standard describes,
 * and has to be feared like a write.
 */
export type Effect = 'read' | 'session' | 'write' | 'unknown';

export interface OutboundRequest {
  /** The name of the service in the words of its standard, such as `read holding registers`. */
  readonly service: string;
  readonly effect: Effect;
  /** The address of the device on its line: Modbus unit, DNP3 destination, PROFIBUS station. */
  readonly station: number;
}

/** Reads exactly one frame. Faults: `frame.truncated`, `frame.malformed`; nothing throws. */
export type Dissector = (frame: Uint8Array) => Result<OutboundRequest>;
