/**
 * The ways to open a line: with a guard before everything that is sent, or with nothing that could send. And one that opens
 * none, to prove that the guard refuses.
 */

import type { Duplex, Readable } from 'node:stream';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import { CallListener } from './callListener.ts';
import { DeadEnd } from './deadEnd.ts';
import { GuardedLink, type LinkPorts } from './guardedLink.ts';
import { LineTap } from './lineTap.ts';
import type { LineOpener, Link, Tap } from './link.ts';
import type { Medium, RecordingMedium } from './medium.ts';
import type { MediumOpener, OpenMedium } from './openMedium.ts';
import { RecordingPlayer } from './recordingPlayer.ts';
import { Refusals } from './refusals.ts';
import { SerialLine } from './serialLine.ts';
import { TcpDialer } from './tcpDialer.ts';
import type { WriteGuard } from './writeGuard.ts';

/**
 * Opens links on which every frame passes `guard`. `line` is the name that events bear. Throws where the medium is a
 * recording, which takes no questions: the configuration check refuses that, because no such driver names it as a medium.
 */
export function guardedOpener(line: string, medium: Medium, guard: WriteGuard, ports: LinkPorts): LineOpener<Link> {
  if (medium.kind === 'recording') throw new Error(`line ${line} is a recording, which cannot be asked anything`);
  const opener = deviceMedium(line, medium, ports, 'ask');
  const refusals = new Refusals('guard.refused', line, ports.clock, ports.events);
  return lineOpener(opener, (opened) => new GuardedLink(opened, guard, refusals, ports.clock));
}

/** Opens taps. A tap holds its medium as something to read, and has no code that sends; the guard is not even needed. */
export function tapOpener(line: string, medium: Medium, ports: LinkPorts): LineOpener<Tap> {
  const opener: MediumOpener<Readable> =
    medium.kind === 'recording'
      ? new RecordingPlayer(medium, ports.clock)
      : deviceMedium(line, medium, ports, 'listen');
  return lineOpener(opener, (opened) => new LineTap(opened, ports.clock));
}

/** A link that leads nowhere, and what becomes of the end that would be a device. */
export function deadEndLink(guard: WriteGuard, ports: LinkPorts): { readonly link: Link; readonly end: DeadEnd } {
  const end = new DeadEnd();
  const refusals = new Refusals('guard.refused', 'a dead end', ports.clock, ports.events);
  return { link: new GuardedLink(end, guard, refusals, ports.clock), end };
}

function deviceMedium(
  line: string,
  medium: Exclude<Medium, RecordingMedium>,
  ports: LinkPorts,
  purpose: 'ask' | 'listen',
): MediumOpener<Duplex> {
  switch (medium.kind) {
    case 'tcp':
      return new TcpDialer(medium, ports.clock);
    case 'listen':
      return new CallListener(line, medium, ports);
    case 'serial':
      return new SerialLine(medium, ports.clock, purpose);
  }
}

function lineOpener<S extends Readable, L extends Tap>(
  opener: MediumOpener<S>,
  toLine: (opened: OpenMedium<S>) => L,
): LineOpener<L> {
  return {
    async open(signal) {
      if (signal.aborted) return failure('link.connect', 'stopped before connecting');
      const opened = await opener.open(signal);
      if (!opened.ok) return opened;
      if (!signal.aborted) return success(toLine(opened.value));
      opened.value.release();
      return failure('link.connect', 'stopped while connecting');
    },
    close: () => opener.close(),
  };
}
