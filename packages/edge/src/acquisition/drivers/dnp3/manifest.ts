/** What the DNP3 driver is and which services it may ask of an outstation: reads, and what the conversation itself needs. */

import type { DriverManifest } from '../../driver.ts';

/** IEEE Std 1815-2012, 4.4 (function codes) and 9.2.4 (link layer); port 20000 is registered for DNP3. */
export const manifest: DriverManifest = {
  protocol: 'dnp3',
  title: 'DNP3 (IEEE 1815)',
  media: ['tcp', 'listen', 'serial'],
  defaultPort: 20_000,
  outbound: [
    { service: 'read', effect: 'read' },
    {
      service: 'confirm',
      effect: 'session',
      reason: 'an outstation keeps its events, and sends no more of them, until they are confirmed',
    },
    {
      service: 'disable unsolicited',
      effect: 'session',
      reason: 'no event may overtake the first reading of everything',
    },
    {
      service: 'enable unsolicited',
      effect: 'session',
      reason: 'an outstation reports events by itself only when it was told to',
    },
    {
      service: 'link acknowledge',
      effect: 'session',
      reason:
        'an outstation that sends with confirmation on the link layer repeats each frame until it is acknowledged',
    },
    {
      service: 'link status',
      effect: 'session',
      reason:
        'shows whether a silent line is alive: an outstation asks for it, and so do we of one that reports by itself',
    },
    {
      service: 'link reset',
      effect: 'session',
      reason: 'some outstations stay silent until their link layer was reset',
      option: 'resetLink',
    },
    {
      service: 'clear restart',
      effect: 'session',
      reason: 'a second restart can be told from the first only when the indication of the first was cleared',
      option: 'clearRestart',
    },
    {
      service: 'record current time',
      effect: 'session',
      reason: 'first half of the setting of a clock over a network: the outstation notes when this came',
      option: 'synchroniseTime',
    },
    {
      service: 'delay measurement',
      effect: 'session',
      reason: 'first half of the setting of a clock over a serial line: how long a message takes',
      option: 'synchroniseTime',
    },
    {
      service: 'write time',
      effect: 'session',
      reason: 'events bear the time of the outstation, whose clock may have no other source',
      option: 'synchroniseTime',
    },
    {
      service: 'immediate freeze',
      effect: 'session',
      reason: 'frozen counters have values only after a freeze; the counters themselves run on',
      option: 'freezeInterval',
    },
  ],
  reports: 'by event',
};
