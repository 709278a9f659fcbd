/** One point at work: where it is read, and what has been said of it. */

import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { TaggedPoint } from '../../driver.ts';
import type { NodeId } from './encoding/nodeId.ts';
import { parsePoint } from './points.ts';
import type { MonitoredPlace } from './service/request.ts';

export class NodePoint implements MonitoredPlace {
  readonly tag: number;
  readonly type: TagType;
  /** As it is configured, for messages. */
  readonly address: string;
  readonly handle: number;
  readonly range: string | undefined;
  readonly events: boolean;
  /** Where the server has it; stays as it is where a namespace is written as a URI that the server does not know. */
  node: NodeId;
  /** When we had to say that there is no value, and the server has said nothing since; `undefined` where it has. */
  failedUs: number | undefined;
  /** Why the server does not read it; `undefined` where it does. */
  refusal: number | undefined;
  readonly #namespace: number | string;

  /** Throws on a point that was not checked. */
  constructor(point: TaggedPoint, handle: number) {
    const parsed = parsePoint(point);
    if (!parsed.ok) throw new Error(`point ${point.address} was not checked: ${parsed.fault.detail}`);
    const { address, type } = parsed.value;
    this.tag = point.tag;
    this.type = type;
    this.address = point.address;
    this.handle = handle;
    this.range = address.range;
    this.events = address.events;
    this.#namespace = address.namespace;
    const namespace = typeof address.namespace === 'number' ? address.namespace : 0;
    this.node = { namespace, identifier: address.identifier };
  }

  /** Finds the namespace in those of the server; false where it is not there. */
  resolve(namespaces: readonly string[]): boolean {
    if (typeof this.#namespace === 'number') return true;
    const namespace = namespaces.indexOf(this.#namespace);
    if (namespace >= 0) this.node = { namespace, identifier: this.node.identifier };
    return namespace >= 0;
  }
}
