/**
 * Reads a DNP3 application fragment that may be hostile: the function, the internal indications, the object headers.
 *
 *     request   0         1          2
 *               +---------+----------+-------------
 *               | control | function | objects ...
 *               +---------+----------+-------------
 *     response  0         1          2     4
 *               +---------+----------+-----+-------------
 *               | control | function | IIN | objects ...
 *               +---------+----------+-----+-------------
 *     control     7     6     5     4      3..0
 *               +-----+-----+-----+-----+----------+
 *               | FIR | FIN | CON | UNS | sequence |
 *               +-----+-----+-----+-----+----------+
 *
 * Source: IEEE 1815-2012, 4.2.2. It shares no code with the driver, whose fragments it checks.
 */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { DNP3_FUNCTIONS, type Dnp3Function } from './dnp3Function.ts';
import { type Dnp3ObjectHeader, walkDnp3Objects } from './walkDnp3Objects.ts';

/** The DIR bit of the link says which: the two have headers of different length. */
export type Dnp3Direction = 'request' | 'response';

export interface Dnp3Fragment {
  readonly first: boolean;
  readonly final: boolean;
  readonly confirm: boolean;
  readonly unsolicited: boolean;
  /** 0 to 15. */
  readonly sequence: number;
  readonly functionCode: number;
  /** `undefined` for a function code outside the standard, or of the other direction; the objects are not read then. */
  readonly function: Dnp3Function | undefined;
  /** IIN1 in the high octet and IIN2 in the low one; absent in requests. */
  readonly indications?: number;
  readonly objects: readonly Dnp3ObjectHeader[];
  /** What is wrong behind the last of the objects; absent where every octet was read. */
  readonly fault?: Fault;
}

const SENDERS = { request: 'master', response: 'outstation' } as const;

/** Faults: `frame.truncated` where even the header is not whole; what is wrong behind it stands in the fragment. */
export function dissectDnp3Fragment(bytes: Uint8Array, direction: Dnp3Direction): Result<Dnp3Fragment> {
  const headerBytes = direction === 'request' ? 2 : 4;
  if (bytes.length < headerBytes) {
    return failure('frame.truncated', `${bytes.length} bytes cannot hold the header of a ${direction}`);
  }
  const [control, functionCode] = bytes;
  const known = DNP3_FUNCTIONS.get(functionCode);
  const spoken = known?.sender === SENDERS[direction] ? known : undefined;
  const walk = spoken && walkDnp3Objects(bytes.subarray(headerBytes), spoken.objects === 'data');
  return success({
    first: (control & 0x80) !== 0,
    final: (control & 0x40) !== 0,
    confirm: (control & 0x20) !== 0,
    unsolicited: (control & 0x10) !== 0,
    sequence: control & 0x0f,
    functionCode,
    function: spoken,
    ...(direction === 'response' && { indications: (bytes[2] << 8) | bytes[3] }),
    objects: walk?.headers ?? [],
    ...(walk?.fault && { fault: walk.fault }),
  });
}
