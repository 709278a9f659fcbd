/** Whoever reads registers in the benchmark: our driver, our whole line, or a library of others. */

/** Registers in one request: the most that the standard allows (Modbus Application Protocol V1.1b3, 6.3). */
export const REGISTERS_PER_REQUEST = 125;

export interface ReaderSettings {
  readonly port: number;
  /** Registers 0 and on are read block by block, again and again. */
  readonly registers: number;
  readonly registersPerRequest: number;
  /** How many requests are under way at once. */
  readonly inFlight: number;
  /** In how many scan classes a whole line has them all: one of them has to be due while the others are read. */
  readonly scanClasses: number;
}

/** One connection, over which registers are read. */
export interface OpenReader {
  /** Reads until `deadlineMs` on the clock of `performance`; gives the number of requests that were answered. */
  readUntil(deadlineMs: number): Promise<number>;
  close(): Promise<void>;
}

export interface RegisterReader {
  readonly name: string;
  open(settings: ReaderSettings): Promise<OpenReader>;
}

/** Every register of the server holds its own address. */
export function expectRegister(address: number, value: number): void {
  if (value !== address) throw new Error(`register ${address} is read as ${value}`);
}
