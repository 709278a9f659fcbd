/**
 * The configuration of a slave, as its master sends it in Chk_Cfg: one identifier for each module, in the order of the slots.
 *
 *     general identifier, one byte                    special identifier, several
 *      7           6      5   4   3..0                 7   6   5   4   3..0
 *     +-----------+------+-------+------------+       +-------+-------+------------------+
 *     | consistent| word | kind  | length - 1 |       | kinds | 0   0 | manufacturer's n |  length bytes, n bytes
 *     +-----------+------+-------+------------+       +-------+-------+------------------+
 *     kind: 01 inputs, 10 outputs, 11 both            kinds: 00 an empty slot, 01 inputs, 10 outputs, 11 outputs, inputs
 *
 *     length byte:  | consistent | word | length - 1 (6 bits) |
 *
 * The inputs of all modules, one behind the other, are the data of the slave's answer; the outputs those of the request.
 *
 * Source: IEC 61158-6-3 (EN 50170 volume 2, part 8), coding of Cfg_Data.
 */

/** What lies in one slot; offsets and lengths in bytes. */
export interface ConfiguredModule {
  /** From 1. */
  readonly slot: number;
  /** Its identifier with all that belongs to it. */
  readonly identifier: Uint8Array;
  readonly inputStart: number;
  readonly inputBytes: number;
  readonly outputStart: number;
  readonly outputBytes: number;
}

export interface Configuration {
  readonly bytes: Uint8Array;
  readonly modules: readonly ConfiguredModule[];
  readonly inputBytes: number;
  readonly outputBytes: number;
}

const INPUTS = 1;
const OUTPUTS = 2;
const WORD = 0x40;
const GENERAL_LENGTH = 0x0f;
const SPECIAL_LENGTH = 0x3f;
/** The manufacturer's bytes of a special identifier are at most 14; 15 stands for none that would be compared. */
const NOT_COMPARED = 15;
const WORD_BYTES = 2;

interface Identifier {
  readonly length: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
}

/** `undefined` where the bytes end within an identifier. The bytes are copied. */
export function parseConfiguration(bytes: Uint8Array): Configuration | undefined {
  const held = bytes.slice();
  const modules: ConfiguredModule[] = [];
  let inputStart = 0;
  let outputStart = 0;
  for (let at = 0; at < held.length; ) {
    const { length, inputBytes, outputBytes } = readIdentifier(held, at);
    if (at + length > held.length) return undefined;
    const identifier = held.subarray(at, at + length);
    modules.push({ slot: modules.length + 1, identifier, inputStart, inputBytes, outputStart, outputBytes });
    inputStart += inputBytes;
    outputStart += outputBytes;
    at += length;
  }
  return { bytes: held, modules, inputBytes: inputStart, outputBytes: outputStart };
}

function readIdentifier(bytes: Uint8Array, at: number): Identifier {
  const byte = bytes[at];
  const kind = (byte >> 4) & 3;
  if (kind === 0) return readSpecial(bytes, at);
  const data = unitBytes(byte, GENERAL_LENGTH);
  return {
    length: 1,
    inputBytes: (kind & INPUTS) === 0 ? 0 : data,
    outputBytes: (kind & OUTPUTS) === 0 ? 0 : data,
  };
}

/** The length byte of the outputs stands before that of the inputs. */
function readSpecial(bytes: Uint8Array, at: number): Identifier {
  const kinds = bytes[at] >> 6;
  const own = bytes[at] & GENERAL_LENGTH;
  let length = 1;
  const outputBytes = (kinds & OUTPUTS) === 0 ? 0 : unitBytes(bytes[at + length++] ?? 0, SPECIAL_LENGTH);
  const inputBytes = (kinds & INPUTS) === 0 ? 0 : unitBytes(bytes[at + length++] ?? 0, SPECIAL_LENGTH);
  return { length: length + (own === NOT_COMPARED ? 0 : own), inputBytes, outputBytes };
}

function unitBytes(byte: number, lengthMask: number): number {
  return ((byte & lengthMask) + 1) * ((byte & WORD) === 0 ? 1 : WORD_BYTES);
}
