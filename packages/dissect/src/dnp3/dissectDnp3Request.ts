/**
 * Reads one DNP3 link frame as a master may send it, for the guard: which service it asks for, and what that does.
 *
 * What a master of ours sends fits one frame: a link service, or one segment that is a whole fragment. It goes to one
 * outstation, never to all: a broadcast (IEEE 1815-2012, 9.2.4) is refused whatever it carries.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Dissector } from '../outboundRequest.ts';
import { type Dnp3Fragment, dissectDnp3Fragment } from './dissectDnp3Fragment.ts';
import { type Dnp3Link, dissectDnp3Link } from './dissectDnp3Link.ts';
import { dissectDnp3Segment } from './dissectDnp3Segment.ts';
import type { Dnp3LinkFunction } from './dnp3LinkFunction.ts';
import { type Dnp3Service, dnp3Service } from './dnp3Service.ts';

/** From here on no address belongs to one station: reserved, self-address (0xFFFC), broadcasts (0xFFFD to 0xFFFF). */
const FIRST_SPECIAL_ADDRESS = 0xfff0;

/** The one request that may bear UNS, where it confirms an unsolicited response: IEEE 1815-2012, 4.2.2.4. */
const CONFIRM = 0;

const malformed = (detail: string) => failure('frame.malformed', detail);

/** Faults: `frame.truncated`, `frame.malformed`. What it names and does not refuse may still be a write. */
export const dissectDnp3Request: Dissector = (frame) => {
  const link = dissectDnp3Link(frame);
  if (!link.ok) return link;
  const wrong = wrongInLink(link.value);
  if (wrong) return malformed(wrong);
  const service = serviceOf(link.value);
  return service.ok ? success({ ...service.value, station: link.value.destination }) : service;
};

/** Half a sentence that says why no master may send the frame, or `undefined`. */
function wrongInLink({ fromMaster, destination, source }: Dnp3Link): string | undefined {
  if (!fromMaster) return 'DIR says that an outstation speaks';
  if (destination >= FIRST_SPECIAL_ADDRESS) return `destination ${destination} is no address of one outstation`;
  if (source >= FIRST_SPECIAL_ADDRESS) return `source ${source} is no address of a master`;
  return undefined;
}

function serviceOf(link: Dnp3Link): Result<Dnp3Service> {
  const known = link.function;
  if (!known) return success({ service: `link function code ${link.functionCode}`, effect: 'unknown' });
  const wrong = wrongInControl(link, known);
  if (wrong) return malformed(`${known.name} ${wrong}`);
  if (known.carriesData) return fragmentService(link.userData);
  if (known.service) return success({ service: known.service, effect: 'session' });
  return success({ service: `link ${known.name}`, effect: 'unknown' });
}

function wrongInControl(link: Dnp3Link, known: Dnp3LinkFunction): string | undefined {
  if (!known.carriesData && link.userData.length > 0) return `with ${link.userData.length} bytes of user data`;
  if (!link.primary) return link.frameCountBit ? 'sets a reserved bit' : undefined;
  if (link.frameCountValidOrBusy !== known.frameCountValid) return 'with FCV that contradicts it';
  return undefined;
}

function fragmentService(userData: Uint8Array): Result<Dnp3Service> {
  const segment = dissectDnp3Segment(userData);
  if (!segment.ok) return segment;
  if (!segment.value.first || !segment.value.final) return malformed('a segment that is not a whole fragment');
  const fragment = dissectDnp3Fragment(segment.value.payload, 'request');
  if (!fragment.ok) return fragment;
  const wrong = wrongInHeader(fragment.value);
  return wrong ? malformed(wrong) : dnp3Service(fragment.value);
}

function wrongInHeader({ first, final, confirm, unsolicited, functionCode }: Dnp3Fragment): string | undefined {
  if (!first || !final) return 'a request in several fragments';
  if (confirm) return 'a request that wants a confirmation';
  if (unsolicited && functionCode !== CONFIRM) return 'an unsolicited request';
  return undefined;
}
