import { expect, it } from 'vitest';
import { LinkAssembler } from './linkAssembler.ts';
import type { LinkFrame } from './linkFrame.ts';
import { SecondaryStation } from './secondaryStation.ts';

const NOTHING = { fromMaster: false, primary: true, frameCount: false, frameCountValid: false, busy: false };
const DATA = Uint8Array.of(0xc0, 1, 2);

function frame(parts: Partial<LinkFrame>): LinkFrame {
  return { ...NOTHING, function: 4, destination: 1, source: 10, data: new Uint8Array(0), ...parts };
}

const RESET = frame({ function: 0 });
const TEST = (frameCount: boolean) => frame({ function: 2, frameCountValid: true, frameCount });
const CONFIRMED = (frameCount: boolean) => frame({ function: 3, frameCountValid: true, frameCount, data: DATA });
const UNCONFIRMED = frame({ function: 4, data: DATA });
const STATUS = frame({ function: 9 });

it.each([
  ['unconfirmed data is taken', [UNCONFIRMED], ['taken']],
  ['a status request is answered', [STATUS], ['reply 11']],
  ['counted frames before a reset are refused', [CONFIRMED(true), TEST(true)], ['reply 1', 'reply 1']],
  [
    'confirmed data alternates',
    [RESET, CONFIRMED(true), CONFIRMED(false), CONFIRMED(true)],
    ['reply 0', 'reply 0 taken', 'reply 0 taken', 'reply 0 taken'],
  ],
  [
    'a repeated frame is acknowledged and not taken twice',
    [RESET, CONFIRMED(true), CONFIRMED(true), CONFIRMED(false)],
    ['reply 0', 'reply 0 taken', 'reply 0', 'reply 0 taken'],
  ],
  ['a test counts', [RESET, TEST(true), CONFIRMED(false)], ['reply 0', 'reply 0', 'reply 0 taken']],
  [
    'a second reset begins again',
    [RESET, CONFIRMED(true), RESET, CONFIRMED(true)],
    ['reply 0', 'reply 0 taken', 'reply 0', 'reply 0 taken'],
  ],
  ['FCV where it must not be', [frame({ function: 4, frameCountValid: true, data: DATA })], ['nothing']],
  ['no FCV where it must be', [RESET, frame({ function: 3, data: DATA })], ['reply 0', 'nothing']],
  ['a reserved function', [frame({ function: 7 })], ['nothing']],
  ['a frame of a secondary station', [frame({ primary: false, function: 11 })], ['nothing']],
])('%s', (_, frames, expected) => {
  const station = new SecondaryStation(10, 1);
  expect(frames.map((received) => describeReaction(station, received))).toEqual(expected);
});

it('wants a reset again on a new connection', () => {
  const station = new SecondaryStation(10, 1);
  station.receive(RESET);
  station.reset();
  expect(describeReaction(station, CONFIRMED(true))).toBe('reply 1');
});

function describeReaction(station: SecondaryStation, received: LinkFrame): string {
  const { reply, segment } = station.receive(received);
  const words: string[] = [];
  if (reply !== undefined) {
    const link = new LinkAssembler();
    link.push(reply);
    const answer = link.next()!;
    expect(answer).toMatchObject({ fromMaster: true, primary: false, destination: 10, source: 1, busy: false });
    words.push(`reply ${answer.function}`);
  }
  if (segment !== undefined) words.push('taken');
  return words.join(' ') || 'nothing';
}
