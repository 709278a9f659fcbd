/** What a GSD file tells of a device, as far as it bears on reading its inputs, outputs and diagnosis. */

/** A module that can be put into a slot of the device. */
export interface GsdModule {
  readonly name: string;
  /** The identifiers that stand for it in the configuration. */
  readonly configuration: Uint8Array;
  readonly line: number;
}

/** Texts for the bits of device diagnosis, counted from the first byte behind the header of the block. */
export interface UnitDiagnosis {
  /** What a set bit means. */
  readonly bits: ReadonlyMap<number, string>;
  /** What a bit means that is not set. */
  readonly notBits: ReadonlyMap<number, string>;
  readonly areas: readonly UnitDiagnosisArea[];
}

/** Bits that are a number. */
export interface UnitDiagnosisArea {
  readonly firstBit: number;
  readonly lastBit: number;
  readonly texts: ReadonlyMap<number, string>;
}

export interface Gsd {
  readonly revision: number | undefined;
  readonly vendor: string;
  readonly model: string;
  readonly ident: number;
  /** Whether modules can be chosen; a compact device has the same ones always. */
  readonly modular: boolean;
  readonly maxModules: number | undefined;
  readonly maxInputBytes: number | undefined;
  readonly maxOutputBytes: number | undefined;
  readonly maxDiagnosisBytes: number | undefined;
  /** In bits per second, those that the device supports. */
  readonly bitRates: readonly number[];
  readonly modules: readonly GsdModule[];
  readonly unitDiagnosis: UnitDiagnosis;
  /** The same for blocks that say of which type they are, in their second byte (from GSD revision 4 on). */
  readonly typedDiagnosis: ReadonlyMap<number, UnitDiagnosis>;
  /** The manufacturer's errors of channels. */
  readonly channelErrors: ReadonlyMap<number, string>;
}
