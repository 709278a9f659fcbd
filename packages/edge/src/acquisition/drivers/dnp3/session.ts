/**
 * The conversation with one outstation: from the frames of the link layer to whole responses, and back.
 *
 * Invariant: a response is handed on only if it is the answer to the question under way (its sequence number, and the
 * next one for each further fragment), or an unsolicited response that has not been handed on before. Everything else is
 * thrown away and counted. A confirm is sent after its response was handed on, because the outstation then forgets it.
 *
 * Source: IEEE Std 1815-2012, 4.3 (confirmation and sequence rules).
 */

import { decodeResponse, type Response, SEQUENCE_MASK } from './application/applicationHeader.ts';
import { encodeConfirm } from './application/request.ts';
import { encodeLinkService, encodeUserData, type LinkFrame, SECONDARY_FUNCTION } from './link/linkFrame.ts';
import { SecondaryStation } from './link/secondaryStation.ts';
import { FragmentAssembler } from './transport/fragmentAssembler.ts';
import { encodeSegment, MAX_SEGMENT_DATA_BYTES } from './transport/segment.ts';

/** The whole database of 65,536 points of each kind fits into fewer. */
const MAX_FRAGMENTS = 2_000;

/** A network may repeat a response after others have come; after 16 the sequence numbers begin anew. */
const KEPT_UNSOLICITED = 4;

export interface SessionParts {
  readonly outstation: number;
  readonly master: number;
  readonly maxFragment: number;
  readonly send: (frame: Uint8Array) => void;
  /** Takes a response that counts. */
  readonly take: (response: Response) => void;
}

/** Counts since the start, of what came from the outstation. */
export interface SessionSigns {
  /** Fragments that were the answer to a question. */
  readonly answers: number;
  readonly discarded: number;
  /** Frames that were refused because the outstation had not reset the link before. */
  readonly refused: number;
  /** Fragments that were longer than `maxFragment`. */
  readonly tooLong: number;
  /** To whom it spoke instead of us. */
  readonly otherMaster: number | undefined;
}

/** What is waited for: the answer to a link reset, any frame at all, or the fragment with this sequence number. */
type Awaited =
  | { readonly kind: 'acknowledge' | 'sign of life' }
  | { readonly kind: 'fragment'; readonly sequence: number; readonly nth: number };

export class Session {
  readonly #parts: SessionParts;
  readonly #station: SecondaryStation;
  readonly #assembler: FragmentAssembler;
  #awaited: Awaited | undefined;
  /** Of the latest request, and of the latest segment. They go on from link to link. */
  #sequence = SEQUENCE_MASK;
  #segment = 0;
  /** The latest unsolicited responses, to know them when they are repeated; the newest is the last. */
  #unsolicited: Uint8Array[] = [];
  #discarded = 0;
  #answers = 0;
  #refused = 0;
  #otherMaster: number | undefined;
  #progress = 0;
  /** How many more segments may count as progress before a fragment must be complete. */
  #segmentsLeft = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#station = new SecondaryStation(parts.outstation, parts.master);
    this.#assembler = new FragmentAssembler(parts.maxFragment);
  }

  get outstation(): number {
    return this.#parts.outstation;
  }

  get master(): number {
    return this.#parts.master;
  }

  get maxFragment(): number {
    return this.#parts.maxFragment;
  }

  /** Responses that were late, repeated or unreadable, and segments that are part of no fragment. */
  get discarded(): number {
    return this.#discarded + this.#assembler.discarded;
  }

  /** What is known of it that may explain why it does not answer. */
  get signs(): SessionSigns {
    return {
      answers: this.#answers,
      discarded: this.discarded,
      refused: this.#refused,
      tooLong: this.#assembler.tooLong,
      otherMaster: this.#otherMaster,
    };
  }

  /** Whether the question under way has no complete answer. */
  get waiting(): boolean {
    return this.#awaited !== undefined;
  }

  /** Grows when a request is made and with each part of its answer, but not for ever. */
  get progress(): number {
    return this.#progress;
  }

  /** A new link: nothing of the old one continues. */
  begin(): void {
    this.#awaited = undefined;
    this.#assembler.reset();
    this.#station.reset();
    this.forgetUnsolicited();
  }

  /** The outstation may count from the beginning, and say the same again. */
  forgetUnsolicited(): void {
    this.#unsolicited = [];
  }

  /** Sends a request, made for the sequence number that is its turn. */
  ask(encode: (sequence: number) => Uint8Array): void {
    this.#sequence = (this.#sequence + 1) & SEQUENCE_MASK;
    this.#await({ kind: 'fragment', sequence: this.#sequence, nth: 1 });
    this.#sendFragment(encode(this.#sequence));
  }

  resetLink(): void {
    const { outstation, master, send } = this.#parts;
    this.#await({ kind: 'acknowledge' });
    send(encodeLinkService('resetLinkStates', outstation, master));
  }

  /** Asks for any sign of life: what comes by chance shows as much as the answer. */
  requestStatus(): void {
    const { outstation, master, send } = this.#parts;
    this.#await({ kind: 'sign of life' });
    send(encodeLinkService('requestLinkStatus', outstation, master));
  }

  /** No answer has come in time; one that comes later is not taken. */
  giveUp(): void {
    this.#awaited = undefined;
  }

  /** Takes a frame that the outstation sent. */
  hear(frame: LinkFrame): void {
    if (frame.fromMaster || frame.destination !== this.#parts.master) {
      this.#discarded++;
      if (!frame.fromMaster) this.#otherMaster = frame.destination;
      return;
    }
    const awaited = this.#awaited?.kind;
    if (awaited === 'sign of life' || (awaited === 'acknowledge' && endsReset(frame))) this.#awaited = undefined;
    else if (!frame.primary) this.#discarded++;
    if (frame.primary) this.#hearPrimary(frame);
  }

  #hearPrimary(frame: LinkFrame): void {
    const { reply, segment, refused } = this.#station.receive(frame);
    if (refused) this.#refused++;
    if (reply) this.#parts.send(reply);
    if (segment) this.#hearSegment(segment);
    else if (!reply) this.#discarded++;
  }

  #hearSegment(segment: Uint8Array): void {
    if (this.#segmentsLeft-- > 0) this.#progress++;
    const fragment = this.#assembler.push(segment);
    if (fragment === undefined) return;
    const response = decodeResponse(fragment);
    if (!response.ok) this.#discarded++;
    else if (response.value.unsolicited) this.#hearUnsolicited(response.value, fragment);
    else this.#hearAnswer(response.value);
  }

  #hearAnswer(response: Response): void {
    const awaited = this.#awaited;
    const { sequence, first, final } = response;
    if (awaited?.kind !== 'fragment' || sequence !== awaited.sequence || first !== (awaited.nth === 1)) {
      this.#discarded++;
      return;
    }
    this.#answers++;
    if (final || awaited.nth === MAX_FRAGMENTS) this.#awaited = undefined;
    else this.#await({ kind: 'fragment', sequence: (sequence + 1) & SEQUENCE_MASK, nth: awaited.nth + 1 });
    this.#take(response);
  }

  /**
   * A restart is told by a response without objects, which may look like that of the restart before. The outstation repeats
   * its latest response until it is confirmed. An earlier one has only been long on its way; but where it comes once more, the
   * outstation has begun to count anew.
   */
  #hearUnsolicited(response: Response, fragment: Uint8Array): void {
    const tellsRestart = response.objects.length === 0 && response.indications.deviceRestart;
    const known = this.#unsolicited.findIndex((earlier) => Buffer.compare(earlier, fragment) === 0);
    if (!tellsRestart && known >= 0) {
      this.#discarded++;
      if (known < this.#unsolicited.length - 1) this.#unsolicited.splice(known, 1);
      else if (response.confirm) this.#confirm(response);
      return;
    }
    this.#unsolicited = [...this.#unsolicited.slice(1 - KEPT_UNSOLICITED), fragment.slice()];
    this.#take(response);
  }

  #await(awaited: Awaited): void {
    this.#awaited = awaited;
    this.#progress++;
    this.#segmentsLeft = Math.ceil(this.#parts.maxFragment / MAX_SEGMENT_DATA_BYTES);
  }

  #take(response: Response): void {
    this.#parts.take(response);
    if (response.confirm) this.#confirm(response);
  }

  #confirm({ sequence, unsolicited }: Response): void {
    this.#sendFragment(encodeConfirm(sequence, unsolicited));
  }

  #sendFragment(fragment: Uint8Array): void {
    const { outstation, master, send } = this.#parts;
    send(encodeUserData(outstation, master, encodeSegment(this.#segment++, fragment)));
  }
}

/** One that has no use for link resets says so, and can be talked to all the same. */
function endsReset(frame: LinkFrame): boolean {
  const { acknowledge, notSupported } = SECONDARY_FUNCTION;
  return !frame.primary && (frame.function === acknowledge || frame.function === notSupported);
}
