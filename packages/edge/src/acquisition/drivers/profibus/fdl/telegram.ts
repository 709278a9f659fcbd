/**
 * A telegram of the fieldbus data link (FDL) of PROFIBUS, as it lies on the line.
 *
 *     SD1  | 10 | DA | SA | FC | FCS | 16 |                                      no data
 *     SD2  | 68 | LE | LEr | 68 | DA | SA | FC | data, 1 to 246 | FCS | 16 |     data of variable length
 *     SD3  | A2 | DA | SA | FC | data, 8 | FCS | 16 |                            data of fixed length
 *     SD4  | DC | DA | SA |                                                      token
 *     SC   | E5 |                                                                short acknowledgement
 *
 * LE counts DA, SA, FC and the data. FCS is the sum of the same bytes modulo 256. Where the highest bit of DA or SA is set,
 * the data begins with its address extension, mostly a service access point (SAP). Each byte takes 11 bits on the line.
 *
 * Source: IEC 61158-4-3 (EN 50170 volume 2, part 4), 4.6 and 4.7.
 */

/** The first byte of a telegram says of which form it is. */
export const DELIMITER = { noData: 0x10, variable: 0x68, fixed: 0xa2, token: 0xdc, acknowledgement: 0xe5 } as const;

export const END_DELIMITER = 0x16;
/** Start bit, eight data bits, even parity, stop bit. */
export const BITS_PER_BYTE = 11;
/** The address of all stations; none sends under it. */
export const BROADCAST = 127;
/** Addresses are 0 to 126. */
export const STATIONS = 127;
/** In place of an address or SAP that a telegram does not have. */
export const NONE = -1;

/** The reader fills the same telegram again and again: it and its bytes hold good only until the reader goes on. */
export interface Telegram {
  readonly delimiter: number;
  /** 0 to 127 without the extension bit; `NONE` in a short acknowledgement. */
  readonly destination: number;
  readonly source: number;
  /** FC; 0 in a token and in a short acknowledgement. */
  readonly control: number;
  readonly destinationSap: number;
  readonly sourceSap: number;
  /** Holds the data without the address extensions, from `dataStart` to before `dataEnd`. */
  readonly bytes: Uint8Array;
  readonly dataStart: number;
  readonly dataEnd: number;
  /** How many bytes of the stream had passed at its end, from the start of the reader on. */
  readonly endPosition: number;
  /** Whether there was something unreadable between it and the good telegram before it. */
  readonly afterNoise: boolean;
}
