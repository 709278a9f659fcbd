/** How changes of a what-if run are written on the command line. */

import { InvalidArgumentError } from 'commander';

/** As the body of the question has it. */
export type Change =
  | { readonly set: number }
  | { readonly add: number }
  | { readonly scale: number }
  | { readonly ramp: number; readonly over: string };

export type NamedNumbers = Readonly<Record<string, number>>;

const NAMED = /^(.+)=([^=]+)$/;

/** `speed=9500`, gathered over all times that the option is given. */
export function readNamed(text: string, before: NamedNumbers = {}): NamedNumbers {
  const [name, value] = split(text, 'such as speed=9500');
  return { ...before, [name]: numberOf(value) };
}

/** `speed=9500:10min`: to a value, over a length of time. */
export function readRamp(
  text: string,
  before: Readonly<Record<string, Change>> = {},
): Readonly<Record<string, Change>> {
  const [name, value] = split(text, 'such as speed=9500:10min');
  const [to, over] = value.split(':');
  if (over === undefined)
    throw new InvalidArgumentError('It takes a value and a length of time, such as speed=9500:10min.');
  return { ...before, [name]: { ramp: numberOf(to), over } };
}

function split(text: string, example: string): readonly [string, string] {
  const match = NAMED.exec(text);
  if (!match) throw new InvalidArgumentError(`It takes a name and a value, ${example}.`);
  return [match[1].trim(), match[2].trim()];
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value)) throw new InvalidArgumentError(`"${text}" is no number.`);
  return value;
}
