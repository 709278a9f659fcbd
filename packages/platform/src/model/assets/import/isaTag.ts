/** Understands tag names by ISA-5.1-2009 (Table 4.1): `PIC-101A` is the pressure of loop 101A, indicated and controlled. */

export interface IsaTag {
  /** Number and suffix of the loop behind the letter of what it measures: `P-101A`. */
  readonly loop: string;
  /** All letters, such as `PIC`. */
  readonly letters: string;
  /** What is measured, such as `differential-pressure`. */
  readonly variable: string;
  /** The attribute that the tag is of its loop: `pressure`, `pressure-control`, `pressure-alarm-high`. */
  readonly attribute: string;
  /** What the letters say, for people. */
  readonly meaning: string;
  /** A unit into which that of the tag must convert, where the variable has one. */
  readonly referenceUnit: string | undefined;
}

interface Variable {
  readonly name: string;
  readonly unit?: string;
}

/** First letters. Those that are the user's choice stand for nothing until somebody says what. */
const VARIABLES: Readonly<Record<string, Variable>> = {
  ...{ A: { name: 'analysis' }, B: { name: 'combustion' }, E: { name: 'voltage', unit: 'V' } },
  ...{ F: { name: 'flow' }, H: { name: 'hand' }, I: { name: 'current', unit: 'A' }, J: { name: 'power', unit: 'W' } },
  ...{ K: { name: 'time', unit: 's' }, L: { name: 'level' }, P: { name: 'pressure', unit: 'Pa' } },
  ...{
    Q: { name: 'quantity' },
    R: { name: 'radiation' },
    S: { name: 'speed' },
    T: { name: 'temperature', unit: 'Cel' },
  },
  ...{ U: { name: 'multivariable' }, V: { name: 'vibration' }, W: { name: 'weight' }, Y: { name: 'state' } },
  ...{ X: { name: 'unclassified' }, Z: { name: 'position' } },
};
/** Second letters that modify the first. */
const MODIFIERS: Readonly<Record<string, string>> = {
  D: 'differential',
  F: 'ratio',
  K: 'rate',
  Q: 'total',
  S: 'safety',
};
/** Functions that make a value of its own, the first of these that there is. */
const FUNCTIONS: readonly (readonly [RegExp, string, string])[] = [
  [/A.*HH/, '-alarm-high-high', 'alarm, high high'],
  [/A.*LL/, '-alarm-low-low', 'alarm, low low'],
  [/A.*H/, '-alarm-high', 'alarm, high'],
  [/A.*L/, '-alarm-low', 'alarm, low'],
  [/A/, '-alarm', 'alarm'],
  [/S.*HH/, '-switch-high-high', 'switch, high high'],
  [/S.*LL/, '-switch-low-low', 'switch, low low'],
  [/S.*H/, '-switch-high', 'switch, high'],
  [/S.*L/, '-switch-low', 'switch, low'],
  [/S.*O/, '-switch-open', 'switch, open'],
  [/S.*C/, '-switch-closed', 'switch, closed'],
  [/S/, '-switch', 'switch'],
  [/V/, '-valve', 'valve'],
  [/Z/, '-actuator', 'actuator'],
  [/C/, '-control', 'controller'],
  [/Y/, '-computed', 'computed'],
  [/Q/, '-total', 'integrated'],
  [/E$/, '-element', 'sensor'],
  [/[TIR]/, '', 'measured value'],
];
/** Members of a controller's block. */
const MEMBERS: Readonly<Record<string, string>> = {
  ...{
    PV: '',
    MEAS: '',
    SP: '-setpoint',
    SV: '-setpoint',
    OP: '-output',
    OUT: '-output',
    CO: '-output',
    MV: '-output',
  },
  ...{ MODE: '-mode', MD: '-mode' },
};

const SHAPE = /^(?:(\d{1,3})[-_ ]?)?([A-Z]{2,6})[-_ ]?(\d{2,5})([A-Z]{0,2})(?:[._/]([A-Z]{1,5}))?$/;

/** `undefined` where the name follows another custom. */
export function readIsaTag(name: string): IsaTag | undefined {
  const match = SHAPE.exec(name.toUpperCase());
  if (!match) return undefined;
  const [, area, letters, number, suffix, member] = match;
  const first = VARIABLES[letters[0]];
  // S modifies what protects, such as a PSV; elsewhere it is a switch.
  const hasModifier = letters[1] in MODIFIERS && (letters[1] === 'S' ? /^.S[VE]/ : /^..[A-Z]/).test(letters);
  const rest = letters.slice(hasModifier ? 2 : 1);
  const role = FUNCTIONS.find(([pattern]) => pattern.test(rest));
  if (!first || !role || !/^[ACEGHIKLMNOPQRSTUVWXYZ]+$/.test(rest)) return undefined;
  if (member !== undefined && !(member in MEMBERS)) return undefined;
  const modifier = hasModifier ? MODIFIERS[letters[1]] : undefined;
  const variable = nameOf(first.name, modifier);
  const part = member === undefined ? '' : MEMBERS[member];
  const loopLetters = hasModifier ? letters.slice(0, 2) : letters[0];
  const loop = `${area === undefined ? '' : `${area}-`}${loopLetters}-${number}${suffix}`;
  return {
    ...{ loop, letters, variable, attribute: `${variable}${role[1]}${part}` },
    meaning: `${variable.replaceAll('-', ' ')}, ${role[2]}`,
    referenceUnit: part === '' && role[1] === '' ? unitOf(first, modifier) : undefined,
  };
}

function nameOf(variable: string, modifier: string | undefined): string {
  if (modifier === undefined) return variable;
  return modifier === 'total' || modifier === 'ratio' || modifier === 'rate'
    ? `${variable}-${modifier}`
    : `${modifier}-${variable}`;
}

/** A difference of temperatures is not on a scale with an offset, hence kelvin. */
function unitOf({ name, unit }: Variable, modifier: string | undefined): string | undefined {
  if (modifier === undefined || modifier === 'safety') return unit;
  if (modifier !== 'differential') return undefined;
  return name === 'temperature' ? 'K' : unit;
}
