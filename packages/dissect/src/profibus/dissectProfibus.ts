/**
 * Reads a PROFIBUS telegram that may be hostile: who says it to whom, and which service it is; nothing throws.
 *
 *     SD1   | 10 | DA | SA | FC | FCS | 16 |                                    no data
 *     SD2   | 68 | LE | LE | 68 | DA | SA | FC | up to 246 octets | FCS | 16 |   LE counts DA to data
 *     SD3   | A2 | DA | SA | FC | 8 octets | FCS | 16 |
 *     SD4   | DC | DA | SA |                                                    the token
 *     SC    | E5 |                                                              short acknowledgement
 *
 *     DA, SA   7 | 6..0      the highest bit says that an extension opens the data: first that of DA, then that of SA
 *     extension  7 | 6 | 5..0    another one follows | segment (1) or SAP (0) | number
 *     FC       7 | 6 | 5   | 4   | 3..0        request (1)
 *              0 | 1 | FCB | FCV | function
 *              0 | 0 | station   | function    answer
 *
 * Source: IEC 61158-4-3 (FDL); the check octet is the sum of DA to the last octet of data.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { FDL_REQUESTS, FDL_RESPONSES, FDL_STATIONS } from './fdlFunction.ts';
import { profibusAnswer, profibusRequest } from './profibusService.ts';
import type { FrameControl, ProfibusExtension, ProfibusFormat, ProfibusTelegram } from './profibusTelegram.ts';

const END_DELIMITER = 0x16;
/** Destination and source of a token: no broadcast, no extension. */
const LAST_STATION = 126;
/** DA, SA, FC and up to 246 octets (IEC 61158-4-3). */
const MIN_LENGTH = 4;
const MAX_LENGTH = 249;
const EXTENDED = 0x80;
const REQUEST = 0x40;

const FORMATS: ReadonlyMap<number, ProfibusFormat> = new Map<number, ProfibusFormat>([
  [0x10, 'SD1'],
  [0x68, 'SD2'],
  [0xa2, 'SD3'],
  [0xdc, 'SD4'],
  [0xe5, 'SC'],
]);
const FIXED_BYTES = { SD1: 6, SD3: 14, SD4: 3, SC: 1 } as const;
const NO_DATA = new Uint8Array();

const malformed = (detail: string) => failure('frame.malformed', detail);

/**
 * The length in bytes of the telegram that begins at the start of `bytes`, of which there may be fewer or more. Faults:
 * `frame.truncated` where the length is not there yet, `frame.malformed` where no telegram begins.
 */
export function profibusTelegramLength(bytes: Uint8Array): Result<number> {
  if (bytes.length === 0) return failure('frame.truncated', 'no octets');
  const format = FORMATS.get(bytes[0]);
  if (!format) return malformed(`octet ${bytes[0]} is no start delimiter`);
  if (format !== 'SD2') return success(FIXED_BYTES[format]);
  const [, length, repeated, delimiter] = bytes;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    return malformed(`length ${length} where ${MIN_LENGTH} to ${MAX_LENGTH} are allowed`);
  }
  if (repeated !== undefined && repeated !== length) return malformed(`length ${length} is repeated as ${repeated}`);
  if (delimiter !== undefined && delimiter !== 0x68) return malformed(`octet ${delimiter} where 104 belongs`);
  if (delimiter === undefined) return failure('frame.truncated', `${bytes.length} bytes cannot hold a length`);
  return success(length + 6);
}

/** Dissects exactly one telegram. Faults: `frame.truncated`, `frame.malformed` (a wrong check octet among them). */
export function dissectProfibus(bytes: Uint8Array): Result<ProfibusTelegram> {
  const length = profibusTelegramLength(bytes);
  if (!length.ok) return length;
  if (length.value > bytes.length) return failure('frame.truncated', `${bytes.length} of ${length.value} bytes`);
  if (length.value < bytes.length) {
    return malformed(`${bytes.length - length.value} bytes behind the end of the telegram`);
  }
  const format = FORMATS.get(bytes[0]) ?? 'SC';
  if (format === 'SC') return success({ ...empty(format), service: 'Short acknowledgement' });
  if (format === 'SD4') return tokenOf(bytes);
  return framed(format, bytes);
}

function empty(format: ProfibusFormat) {
  const nothing = { destinationExtension: {}, sourceExtension: {}, data: NO_DATA };
  return { format, effect: 'session', request: false, ...nothing } as const;
}

function tokenOf([, destination, source]: Uint8Array): Result<ProfibusTelegram> {
  if (destination > LAST_STATION || source > LAST_STATION) return malformed(`a token from ${source} to ${destination}`);
  return success({ ...empty('SD4'), service: 'Token', destination, source });
}

/** A telegram with frame control and check octet. */
function framed(format: ProfibusFormat, bytes: Uint8Array): Result<ProfibusTelegram> {
  const body = bytes.subarray(format === 'SD2' ? 4 : 1, -2);
  const wrong = wrongInFrame(bytes, body);
  if (wrong) return malformed(wrong);
  const [destination, source, octet] = body;
  const forDestination = extensionAt(body, 3, (destination & EXTENDED) !== 0);
  const forSource = forDestination && extensionAt(body, forDestination.end, (source & EXTENDED) !== 0);
  if (!forSource) return malformed('an address extension that does not end');
  const addressed = {
    destination: destination & ~EXTENDED,
    source: source & ~EXTENDED,
    destinationExtension: forDestination.extension,
    sourceExtension: forSource.extension,
  };
  if (addressed.source > LAST_STATION) return malformed(`source ${addressed.source} is no address of a station`);
  const frameControl = frameControlOf(octet);
  const data = body.subarray(forSource.end);
  const request = (octet & REQUEST) !== 0;
  const toSap = forDestination.extension.sap;
  const service = request
    ? profibusRequest(frameControl.functionCode, toSap, data)
    : profibusAnswer(toSap, forSource.extension.sap, data);
  return success({ format, ...service, request, ...addressed, frameControl, data });
}

function wrongInFrame(bytes: Uint8Array, body: Uint8Array): string | undefined {
  const end = bytes[bytes.length - 1];
  if (end !== END_DELIMITER) return `octet ${end} where the end delimiter belongs`;
  const sum = body.reduce((total, octet) => (total + octet) & 0xff, 0);
  const check = bytes[bytes.length - 2];
  return check === sum ? undefined : `check octet ${check} where ${sum} belongs`;
}

/** At most a segment and a SAP; `undefined` where the octets end, or never would. */
function extensionAt(
  body: Uint8Array,
  from: number,
  present: boolean,
): { extension: ProfibusExtension; end: number } | undefined {
  const extension: { sap?: number; segment?: number } = {};
  let at = from;
  for (let more = present; more; at++) {
    if (at >= body.length || at >= from + 2) return undefined;
    const octet = body[at];
    more = (octet & 0x80) !== 0;
    extension[octet & 0x40 ? 'segment' : 'sap'] = octet & 0x3f;
  }
  return { extension, end: at };
}

function frameControlOf(octet: number): FrameControl {
  const functionCode = octet & 0x8f;
  const bits = (octet >> 4) & 0x03;
  if ((octet & REQUEST) === 0) {
    const functionName = FDL_RESPONSES.get(functionCode);
    return { octet, functionCode, functionName, station: FDL_STATIONS[bits] };
  }
  const functionName = FDL_REQUESTS.get(functionCode)?.name;
  const [frameCountBit, frameCountValid] = [(bits & 2) !== 0, (bits & 1) !== 0];
  return { octet, functionCode, functionName, frameCountBit, frameCountValid };
}
