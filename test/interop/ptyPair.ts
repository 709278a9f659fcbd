/** A serial line without hardware: two pseudo-terminals, linked as by a null-modem cable. */

import { Peer } from './peer.ts';

export class PtyPair {
  /** Device files. */
  readonly ends: readonly [string, string];
  readonly #peer: Peer<{ ends: [string, string] }>;

  private constructor(peer: Peer<{ ends: [string, string] }>) {
    this.#peer = peer;
    this.ends = peer.ready.ends;
  }

  static async start(): Promise<PtyPair> {
    return new PtyPair(await Peer.start('ptyPair'));
  }

  /** Lets an end hear bytes that the other has not sent: noise, or what a tap is to hear. */
  async inject(end: 0 | 1, bytes: Uint8Array): Promise<void> {
    await this.#peer.ask('inject', { end, hex: Buffer.from(bytes).toString('hex') });
  }

  /** Whether nothing gets from one end to the other. */
  async cut(isCut: boolean): Promise<void> {
    await this.#peer.ask('cut', { is_cut: isCut });
  }

  stop(): Promise<void> {
    return this.#peer.stop();
  }
}
