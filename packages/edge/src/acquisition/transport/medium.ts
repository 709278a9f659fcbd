/** Where the bytes of a line come from: everything that has to be known to open it. */

export type Medium = TcpMedium | ListenMedium | SerialMedium | RecordingMedium;
export type MediumKind = Medium['kind'];

/** Paths of PEM files, absolute. */
export interface TlsFiles {
  /** The authority that must have signed the other side's certificate. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** The name that the other side's certificate must bear. Where absent: the host, or any name of a device that calls in. */
  readonly serverName: string | undefined;
}

/** We connect: to a device, a serial server or a protocol gateway. */
export interface TcpMedium {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
  readonly connectTimeoutMs: number;
  readonly tls: TlsFiles | undefined;
}

/** The device calls in. */
export interface ListenMedium {
  readonly kind: 'listen';
  readonly host: string;
  readonly port: number;
  /** Addresses and networks (`10.1.0.0/16`) from which a call is taken; from everywhere where it is empty. */
  readonly allow: readonly string[];
  readonly tls: TlsFiles | undefined;
}

export interface SerialMedium {
  readonly kind: 'serial';
  /** `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

/** A file of bytes as they were on the line, played at the speed of the line; only to be listened to. */
export interface RecordingMedium {
  readonly kind: 'recording';
  /** Absolute. */
  readonly path: string;
  readonly baudRate: number;
  /** Begins anew at the end of the file; otherwise the line is silent from there on. */
  readonly repeat: boolean;
}

/** How many bits one byte takes on a serial line, start and stop bits included. */
export function bitsPerByte({ dataBits, parity, stopBits }: SerialMedium): number {
  return 1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits;
}
