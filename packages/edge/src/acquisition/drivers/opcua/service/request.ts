/**
 * Every request that the driver can make. None writes, and there is no way to make another (OPC 10000-4, 5; layouts: OPC 10000-6).
 */

import { type Envelope, encodeMessage } from '../conversation/envelope.ts';
import type { NodeId } from '../encoding/nodeId.ts';
import type { UaWriter } from '../encoding/uaWriter.ts';
import { EVENT_FIELDS } from './eventField.ts';
import { SERVICE } from './serviceNumber.ts';

/** A value of a node, or one element of it. */
export interface ValuePlace {
  readonly node: NodeId;
  /** An index range (OPC 10000-4, 7.27), such as `3`. */
  readonly range?: string | undefined;
}

export interface MonitoredPlace extends ValuePlace {
  /** Bears the reports of the place. */
  readonly handle: number;
  /** Whether it is the events of the node that are reported, and not its value. */
  readonly events: boolean;
}

export interface SubscriptionTerms {
  readonly publishMs: number;
  /** After so many intervals without a publish request the server ends the subscription. */
  readonly lifetimeCount: number;
  /** After so many intervals without news it says that it is there. */
  readonly keepAliveCount: number;
  /** At most so many reports in one message. */
  readonly maxNotifications: number;
}

export interface Acknowledgement {
  readonly subscription: number;
  readonly sequence: number;
}

const ATTRIBUTE = { nodeId: 1, eventNotifier: 12, value: 13 } as const;
const TOKEN_REQUEST = { issue: 0, renew: 1 } as const;
const SECURITY_NONE = 1;
const CLIENT = 1;
const BOTH_TIMES = 2;
const REPORTING = 2;
const ANONYMOUS_TOKEN = 321;
const EVENT_FILTER = 727;
const APPLICATION_URI = 'urn:tidegate:gateway';
const PRODUCT_URI = 'urn:tidegate';

export function encodeOpenSecureChannel(envelope: Envelope, renew: boolean, lifetimeMs: number): Uint8Array {
  return encodeMessage(SERVICE.openSecureChannel, envelope, (body) =>
    body
      .u32(0)
      .u32(renew ? TOKEN_REQUEST.renew : TOKEN_REQUEST.issue)
      .u32(SECURITY_NONE)
      .bytes(undefined)
      .u32(lifetimeMs),
  );
}

export function encodeCloseSecureChannel(envelope: Envelope): Uint8Array {
  return encodeMessage(SERVICE.closeSecureChannel, envelope, () => {});
}

export function encodeCreateSession(
  envelope: Envelope,
  url: string,
  name: string,
  timeoutMs: number,
  messageBytes: number,
): Uint8Array {
  return encodeMessage(SERVICE.createSession, envelope, (body) => {
    body.string(APPLICATION_URI).string(PRODUCT_URI);
    body.u8(2).string('Tidegate').u32(CLIENT).string(undefined).string(undefined).u32(0);
    body.string(undefined).string(url).string(name).bytes(undefined).bytes(undefined);
    body.f64(timeoutMs).u32(messageBytes);
  });
}

export function encodeActivateSession(envelope: Envelope, anonymousPolicy: string): Uint8Array {
  return encodeMessage(SERVICE.activateSession, envelope, (body) => {
    noSignature(body);
    body.u32(0).u32(0);
    body.extension(ANONYMOUS_TOKEN, () => body.string(anonymousPolicy));
    noSignature(body);
  });
}

export function encodeCloseSession(envelope: Envelope): Uint8Array {
  const deleteSubscriptions = 1;
  return encodeMessage(SERVICE.closeSession, envelope, (body) => body.u8(deleteSubscriptions));
}

export function encodeRead(envelope: Envelope, places: readonly ValuePlace[]): Uint8Array {
  const fresh = 0;
  return encodeMessage(SERVICE.read, envelope, (body) =>
    body
      .f64(fresh)
      .u32(BOTH_TIMES)
      .array(places, (place) => readValueId(body, place, ATTRIBUTE.value)),
  );
}

export function encodeCreateSubscription(envelope: Envelope, terms: SubscriptionTerms): Uint8Array {
  const { publishMs, lifetimeCount, keepAliveCount, maxNotifications } = terms;
  return encodeMessage(SERVICE.createSubscription, envelope, (body) =>
    body.f64(publishMs).u32(lifetimeCount).u32(keepAliveCount).u32(maxNotifications).u8(1).u8(0),
  );
}

/** The server samples each value every `samplingMs`, and keeps the latest `queueSize` until they are published. */
export function encodeCreateMonitoredItems(
  envelope: Envelope,
  subscription: number,
  places: readonly MonitoredPlace[],
  { samplingMs, queueSize }: { readonly samplingMs: number; readonly queueSize: number },
): Uint8Array {
  return encodeMessage(SERVICE.createMonitoredItems, envelope, (body) =>
    body
      .u32(subscription)
      .u32(BOTH_TIMES)
      .array(places, (place) => {
        readValueId(body, place, place.events ? ATTRIBUTE.eventNotifier : ATTRIBUTE.value);
        body
          .u32(REPORTING)
          .u32(place.handle)
          .f64(place.events ? 0 : samplingMs);
        if (place.events) body.extension(EVENT_FILTER, () => eventFilter(body));
        else body.noExtension();
        const discardOldest = 1;
        body.u32(place.events ? 0 : queueSize).u8(discardOldest);
      }),
  );
}

export function encodePublish(envelope: Envelope, acknowledged: readonly Acknowledgement[]): Uint8Array {
  return encodeMessage(SERVICE.publish, envelope, (body) =>
    body.array(acknowledged, ({ subscription, sequence }) => body.u32(subscription).u32(sequence)),
  );
}

export function encodeRepublish(envelope: Envelope, { subscription, sequence }: Acknowledgement): Uint8Array {
  return encodeMessage(SERVICE.republish, envelope, (body) => body.u32(subscription).u32(sequence));
}

export function encodeDeleteSubscriptions(envelope: Envelope, subscriptions: readonly number[]): Uint8Array {
  return encodeMessage(SERVICE.deleteSubscriptions, envelope, (body) =>
    body.array(subscriptions, (id) => body.u32(id)),
  );
}

function readValueId(body: UaWriter, { node, range }: ValuePlace, attribute: number): void {
  body.nodeId(node).u32(attribute).string(range).name(undefined);
}

/** All events, and of each these fields (OPC 10000-4, 7.22.3). */
function eventFilter(body: UaWriter): void {
  body.array(EVENT_FIELDS, ({ type, path }) => {
    body.nodeId({ namespace: 0, identifier: type });
    body.array(path, (name) => body.name(name));
    body.u32(path.length === 0 ? ATTRIBUTE.nodeId : ATTRIBUTE.value).string(undefined);
  });
  body.u32(0);
}

function noSignature(body: UaWriter): void {
  body.string(undefined).bytes(undefined);
}
