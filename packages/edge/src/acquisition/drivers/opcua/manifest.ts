/** What the OPC UA driver is and which services it may ask of a server: reads, and what the conversation itself needs. */

import type { DriverManifest } from '../../driver.ts';

/** OPC 10000-4, 5 (services); port 4840 is registered for OPC UA. */
export const manifest: DriverManifest = {
  protocol: 'opc-ua',
  title: 'OPC UA',
  media: ['tcp'],
  defaultPort: 4_840,
  outbound: [
    { service: 'hello', effect: 'session', reason: 'begins a connection: both sides say how much they take at once' },
    {
      service: 'open secure channel',
      effect: 'session',
      reason: 'a server takes requests over a channel only; its token is renewed before it ends',
    },
    { service: 'close secure channel', effect: 'session', reason: 'frees the channel when the gateway leaves' },
    { service: 'create session', effect: 'session', reason: 'a server answers requests for data in a session only' },
    {
      service: 'activate session',
      effect: 'session',
      reason:
        'says that nobody logs in; and goes on with the session of a connection that broke, instead of a further one',
    },
    { service: 'close session', effect: 'session', reason: 'frees the session when the gateway leaves' },
    { service: 'read', effect: 'read' },
    {
      service: 'create subscription',
      effect: 'session',
      reason: 'the server collects changes for us; it ends by itself when nobody fetches them',
    },
    { service: 'create monitored items', effect: 'session', reason: 'names the values and events to be collected' },
    { service: 'publish', effect: 'session', reason: 'fetches what was collected, and says what has arrived' },
    { service: 'republish', effect: 'session', reason: 'fetches once more what has not arrived' },
    {
      service: 'delete subscriptions',
      effect: 'session',
      reason: 'frees a subscription that has fallen silent, before another takes its place',
    },
  ],
  reports: 'by event',
};
