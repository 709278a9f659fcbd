/** What is new since the last look, one sentence a line: for screen readers, and for those who keep what they see. */

import { formatTimestamp } from '@tidegate/core/clock/timestamp.ts';
import type { LiveTag, LiveView } from '@tidegate/core/port/liveView.ts';
import { boundaryText, tagSentence } from './liveText.ts';

export class LiveChanges {
  #boundary: string | undefined;
  readonly #devices = new Map<string, string>();
  readonly #tags = new Map<string, string>();

  /** The lines for what has changed, which at the first look is everything. */
  take(view: LiveView): string[] {
    const time = `${formatTimestamp(view.at).slice(0, 19).replace('T', ' ')}Z`;
    const lines: string[] = [];
    const boundary = boundaryText(view);
    if (boundary !== this.#boundary) lines.push(`${time} ${view.gateway}: ${boundary}`);
    this.#boundary = boundary;
    for (const { name, state, lastFault } of view.devices) {
      const text = lastFault === undefined ? state : `${state}, ${lastFault}`;
      if (isNew(this.#devices, name, text)) lines.push(`${time} device ${name}: ${text}`);
    }
    for (const tag of view.tags) if (isNew(this.#tags, tag.path, saidBy(tag))) lines.push(tagSentence(tag));
    return lines.map((line) => line.replaceAll(/\p{Cc}/gu, '\ufffd'));
  }
}

function saidBy({ value, status }: LiveTag): string {
  return JSON.stringify([value, status]);
}

function isNew(known: Map<string, string>, name: string, text: string): boolean {
  if (known.get(name) === text) return false;
  known.set(name, text);
  return true;
}
