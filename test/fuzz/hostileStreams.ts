/** The bytes of connections on which somebody who holds a certificate says what nobody should. */

import { BLOCKS, gatewayFrames, putRight, serverAnswers } from '@tidegate/oneway/testbed/wireTraffic.ts';
import { mutated } from './mutator.ts';
import type { Random } from './random.ts';

const SESSIONS = (['live', 'backlog'] as const).map(gatewayFrames);
const ANSWERS = serverAnswers();
const MAX_FRAMES = 4;
const FRAME_HEADER_BYTES = 8;
const FRAME_KINDS = 4;

/** To a server: of one to five frames, some are not what a gateway would send. */
export function hostileSession(random: Random): Buffer {
  const genuine = random.pick(SESSIONS);
  const frames = [random.oneIn(8) ? hostileFrame(genuine, random) : genuine[0]];
  for (let count = 1 + random.below(MAX_FRAMES); count > 0; count--) {
    frames.push(random.oneIn(4) ? random.pick(genuine) : hostileFrame(genuine, random));
  }
  return Buffer.concat(frames);
}

/** To a gateway: mostly a welcome first, then answers of which some are not what a server would send. */
export function hostileAnswers(random: Random): Buffer {
  const answers = [random.oneIn(8) ? mutated(ANSWERS, random) : ANSWERS[0]];
  for (let count = 1 + random.below(BLOCKS.length); count > 0; count--) {
    answers.push(random.oneIn(4) ? random.pick(ANSWERS) : mutated(ANSWERS, random));
  }
  return Buffer.concat(answers);
}

/** Half of them have their lengths and checksums put right, so that what is behind these is reached. */
function hostileFrame(seeds: readonly Uint8Array[], random: Random): Buffer {
  const frame = mutated(seeds, random);
  const kind = 1 + random.below(FRAME_KINDS);
  if (frame.length > FRAME_HEADER_BYTES && random.oneIn(2)) putRight(frame, random.oneIn(4) ? kind : frame[0]);
  return frame;
}
