/** Reads one PROFIBUS telegram as a station may open a conversation with it: a request, or the token handed on. */

import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector } from '../outboundRequest.ts';
import { dissectProfibus } from './dissectProfibus.ts';

/** Faults: `frame.truncated`, `frame.malformed` (an answer among them). */
export const dissectProfibusRequest: Dissector = (frame) => {
  const telegram = dissectProfibus(frame);
  if (!telegram.ok) return telegram;
  const { service, effect, request, format, destination } = telegram.value;
  if (destination === undefined || !(request || format === 'SD4')) {
    return failure('frame.malformed', `an answer (${service}), and not a request`);
  }
  return success({ service, effect, station: destination });
};
