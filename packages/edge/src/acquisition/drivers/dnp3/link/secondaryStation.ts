/**
 * The answering half of the data link layer towards one outstation: what is owed to a frame that it sends as a primary.
 *
 *     reset link states         acknowledged; the next frame count is 1
 *     confirmed user data       acknowledged; taken unless its frame count shows that it is repeated
 *     test link states          acknowledged
 *     either before a reset     refused, so that the outstation resets first
 *     request link status       answered
 *     unconfirmed user data     taken
 *
 * Source: IEEE Std 1815-2012, clause 9.2. Frames of a secondary station, such as an answer to our own request for the link's
 * status, are not for it.
 */

import { encodeLinkService, type LinkFrame, type LinkService, PRIMARY_FUNCTION } from './linkFrame.ts';

export interface LinkReaction {
  /** What must be sent back. */
  readonly reply?: Uint8Array;
  /** A segment for the transport function. */
  readonly segment?: Uint8Array;
  /** The frame should not have come before a reset of the link. */
  readonly refused?: boolean;
}

export class SecondaryStation {
  readonly #outstation: number;
  readonly #master: number;
  /** The FCB that the next frame which counts must have; `undefined` until the outstation has reset the link. */
  #expected: boolean | undefined;

  constructor(outstation: number, master: number) {
    this.#outstation = outstation;
    this.#master = master;
  }

  /** `frame` comes from this outstation and is addressed to us. */
  receive(frame: LinkFrame): LinkReaction {
    if (!frame.primary || frame.frameCountValid !== COUNTED.has(frame.function)) return {};
    switch (frame.function) {
      case PRIMARY_FUNCTION.unconfirmedUserData:
        return { segment: frame.data };
      case PRIMARY_FUNCTION.requestLinkStatus:
        return this.#reply('linkStatus');
      case PRIMARY_FUNCTION.resetLinkStates:
        this.#expected = true;
        return this.#reply('acknowledge');
      case PRIMARY_FUNCTION.testLinkStates:
      case PRIMARY_FUNCTION.confirmedUserData:
        return this.#receiveCounted(frame);
      default:
        return {};
    }
  }

  /** The connection is new: the outstation has to reset the link again. */
  reset(): void {
    this.#expected = undefined;
  }

  #receiveCounted(frame: LinkFrame): LinkReaction {
    if (this.#expected === undefined) return { ...this.#reply('refuse'), refused: true };
    const repeated = frame.frameCount !== this.#expected;
    this.#expected = !frame.frameCount;
    const taken = !repeated && frame.function === PRIMARY_FUNCTION.confirmedUserData;
    return taken ? { ...this.#reply('acknowledge'), segment: frame.data } : this.#reply('acknowledge');
  }

  #reply(service: LinkService): LinkReaction {
    return { reply: encodeLinkService(service, this.#outstation, this.#master) };
  }
}

/** The functions whose frames must have FCV set; in all others it must be clear (9.2.4.1.3). */
const COUNTED: ReadonlySet<number> = new Set([PRIMARY_FUNCTION.testLinkStates, PRIMARY_FUNCTION.confirmedUserData]);
