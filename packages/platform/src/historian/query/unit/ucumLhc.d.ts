/** What is used of the UCUM library, which brings no types of its own. */

declare module '@lhncbc/ucum-lhc' {
  interface UcumUnit {
    /** Not a ratio scale: degrees with an offset, and logarithmic levels. */
    readonly isSpecial_: boolean;
    /** How many base units it is; of a special unit, before its own function. */
    readonly magnitude_: number;
    /** Powers of metre, second, gram, radian, kelvin, coulomb and candela. */
    readonly dim_: { readonly dimVec_: readonly number[] | null } | null;
    /** Power of the mole, which is a number to UCUM. */
    readonly moleExp_: number;
  }

  interface SpecifiedUnit {
    readonly unit: UcumUnit | null;
    /** The code that was taken, which differs from the text where the library has guessed. */
    readonly origString: string;
    readonly retMsg: readonly string[];
    readonly suggestions?: readonly { readonly units: readonly (readonly [code: string, ...rest: unknown[]])[] }[];
  }

  interface Conversion {
    readonly status: 'succeeded' | 'failed' | 'error';
    readonly toVal: number | null;
  }

  interface UcumTable {
    getSpecifiedUnit(code: string, use: 'validate' | 'convert', suggest: boolean): SpecifiedUnit;
    convertUnitTo(from: string, value: number, to: string): Conversion;
  }

  export const UcumLhcUtils: { getInstance(): UcumTable };
}
