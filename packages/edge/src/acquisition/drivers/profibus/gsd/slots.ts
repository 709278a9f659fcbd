/** Lays the modules of a GSD file against the configuration that was overheard: what sits in which slot, by name. */

import type { Configuration, ConfiguredModule } from '../dp/configuration.ts';
import type { Gsd, GsdModule } from './gsd.ts';

const MAX_NAMES = 3;

export interface Slot extends ConfiguredModule {
  /** The name of its module, or the names of those that it could be; undefined without a GSD file that knows it. */
  readonly name: string | undefined;
}

/**
 * One slot for each module. A module of several identifiers takes one slot, which only the GSD file can tell; without one,
 * and where its modules do not add up to the whole configuration, each identifier is taken for a slot.
 */
export function laySlots(configuration: Configuration, gsd: Gsd | undefined): readonly Slot[] {
  const parts = configuration.modules;
  const unnamed = parts.map((part): Slot => ({ ...part, name: undefined }));
  if (!gsd) return unnamed;
  const byIdentifier = Map.groupBy(gsd.modules, ({ configuration: bytes }) => keyOf([bytes]));
  const longest = Math.max(1, ...gsd.modules.map(({ configuration: bytes }) => bytes.length));
  const lengths = moduleLengths(parts, longest, byIdentifier);
  if (!lengths) return unnamed;
  let first = 0;
  return lengths.map((length, index) => {
    const taken = parts.slice(first, first + length);
    first += length;
    return joinParts(taken, index + 1, nameOf(byIdentifier.get(keyOf(taken.map(({ identifier }) => identifier)))));
  });
}

/** How many identifiers each module takes, the longest modules first; undefined where no choice adds up to the whole. */
function moduleLengths(
  parts: readonly ConfiguredModule[],
  longest: number,
  byIdentifier: ReadonlyMap<string, readonly GsdModule[]>,
): number[] | undefined {
  // From the end: the length of the module to take at each place, 0 where none leads to the end.
  const choice = new Uint8Array(parts.length + 1);
  for (let at = parts.length - 1; at >= 0; at--) {
    for (let length = 1; length <= longest && at + length <= parts.length; length++) {
      if (at + length < parts.length && choice[at + length] === 0) continue;
      const key = keyOf(parts.slice(at, at + length).map(({ identifier }) => identifier));
      if (byIdentifier.has(key)) choice[at] = length;
    }
  }
  if (parts.length > 0 && choice[0] === 0) return undefined;
  const lengths: number[] = [];
  for (let at = 0; at < parts.length; at += choice[at]) lengths.push(choice[at]);
  return lengths;
}

function joinParts(parts: readonly ConfiguredModule[], slot: number, name: string | undefined): Slot {
  const [{ inputStart, outputStart }] = parts;
  return {
    slot,
    name,
    identifier: Uint8Array.from(parts.flatMap(({ identifier }) => [...identifier])),
    inputStart,
    inputBytes: parts.reduce((sum, part) => sum + part.inputBytes, 0),
    outputStart,
    outputBytes: parts.reduce((sum, part) => sum + part.outputBytes, 0),
  };
}

/** Modules that differ in what the configuration does not show have the same identifiers. */
function nameOf(modules: readonly GsdModule[] | undefined): string | undefined {
  if (!modules) return undefined;
  const names = modules.slice(0, MAX_NAMES).map(({ name }) => name);
  return [...names, ...(modules.length > MAX_NAMES ? ['others'] : [])].join(' or ');
}

function keyOf(identifiers: readonly Uint8Array[]): string {
  return identifiers.map((bytes) => Buffer.from(bytes).toString('hex')).join('');
}
