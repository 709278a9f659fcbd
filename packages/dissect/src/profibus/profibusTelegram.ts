/** What one telegram on a PROFIBUS line says. */

import type { Effect } from '../outboundRequest.ts';

export type ProfibusFormat = 'SD1' | 'SD2' | 'SD3' | 'SD4' | 'SC';

export interface ProfibusTelegram {
  readonly format: ProfibusFormat;
  /** The name of the standard, such as `Slave_Diag`; a request and its answer have the same. */
  readonly service: string;
  /** What the telegram does to the station that obeys it; an answer reads (it carries data) or belongs to the session. */
  readonly effect: Effect;
  /** Whether a station asks; `false` for answers and for the token. */
  readonly request: boolean;
  /** 0 to 126, or 127 for all; absent in a short acknowledgement only, as is the source. */
  readonly destination?: number;
  readonly source?: number;
  readonly destinationExtension: ProfibusExtension;
  readonly sourceExtension: ProfibusExtension;
  /** Absent in a token and in a short acknowledgement. */
  readonly frameControl?: FrameControl;
  /** The data unit behind the address extensions. */
  readonly data: Uint8Array;
}

/** What an address is extended by, where it is. */
export interface ProfibusExtension {
  readonly sap?: number;
  readonly segment?: number;
}

export interface FrameControl {
  readonly octet: number;
  /** 0 to 15, and bit 7, which stands in a clock value only. */
  readonly functionCode: number;
  /** `undefined` for a code that the standard reserves. */
  readonly functionName: string | undefined;
  /** Frame count bit and whether it counts; of requests only. */
  readonly frameCountBit?: boolean;
  readonly frameCountValid?: boolean;
  /** Of answers only. */
  readonly station?: 'slave' | 'master not ready' | 'master ready' | 'master in ring';
}
