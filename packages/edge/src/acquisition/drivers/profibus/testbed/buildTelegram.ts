/** Builds telegrams as masters and slaves send them: for tests only, the driver itself can express none. */

export interface Addressed {
  readonly da: number;
  readonly sa: number;
  readonly fc: number;
  readonly dsap?: number;
  readonly ssap?: number;
  readonly data?: readonly number[];
}

/** SD1 without data, otherwise SD2; a SAP sets the extension bit of its address. */
export function buildTelegram({ da, sa, fc, dsap, ssap, data = [] }: Addressed): Uint8Array {
  const saps = [dsap, ssap].filter((sap) => sap !== undefined);
  const body = [da | (dsap === undefined ? 0 : 0x80), sa | (ssap === undefined ? 0 : 0x80), fc, ...saps, ...data];
  const trailer = [checkSum(body), 0x16];
  if (body.length === 3) return Uint8Array.of(0x10, ...body, ...trailer);
  return Uint8Array.of(0x68, body.length, body.length, 0x68, ...body, ...trailer);
}

/** SD3: always eight bytes behind the FC. */
export function buildFixed(da: number, sa: number, fc: number, data: readonly number[]): Uint8Array {
  const body = [da, sa, fc, ...data];
  return Uint8Array.of(0xa2, ...body, checkSum(body), 0x16);
}

export function buildToken(to: number, from: number): Uint8Array {
  return Uint8Array.of(0xdc, to, from);
}

export const ACKNOWLEDGEMENT = Uint8Array.of(0xe5);

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

function checkSum(body: readonly number[]): number {
  return body.reduce((sum, byte) => (sum + byte) & 0xff, 0);
}
