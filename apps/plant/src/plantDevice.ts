/** One device of the plant: register images behind a Modbus TCP server that is not of our making. */

import { ServerTCP } from 'modbus-serial';
import type { RegisterImage, RegisterTable } from './registerImage.ts';

/** Exceptions of the Modbus Application Protocol V1.1b3, 7. */
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_DATA_ADDRESS = 2;
const GATEWAY_TARGET_SILENT = 11;
/** Loopback only: Modbus knows no users, and this plant is for one machine. */
const HOST = '127.0.0.1';

/** What stands in the registers now. */
export interface RegisterSource {
  /** `undefined` where there is no such unit behind the address; what has one unit answers for any. */
  imageOf(unit: number): RegisterImage | undefined;
}

export class PlantDevice {
  /** Reads of a register range or of a coil that have been asked for. */
  reads = 0;
  /** Writes that have been asked for; none is ever carried out. */
  writes = 0;
  readonly #source: RegisterSource;
  readonly #server: ServerTCP;

  private constructor(source: RegisterSource, port: number) {
    this.#source = source;
    this.#server = new ServerTCP(this.#service(), { host: HOST, port });
    // A client that goes away in the middle of an answer is no concern of a device.
    this.#server.on('socketError', () => {});
  }

  /** Listens on `port` of the loopback address; rejects with the error of `listen`, such as EADDRINUSE. */
  static start(source: RegisterSource, port: number): Promise<PlantDevice> {
    const device = new PlantDevice(source, port);
    return new Promise((resolve, reject) => {
      device.#server.on('serverError', (error) => reject(error));
      device.#server.on('initialized', () => resolve(device));
    });
  }

  get connections(): number {
    return this.#server.socks.size;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** The library leaves a write without answer where there is no function for it, hence the two that refuse. */
  #service() {
    const input = (address: number, length: number, unit: number) =>
      this.#words(this.#image(unit).input, address, length);
    const holding = (address: number, length: number, unit: number) =>
      this.#words(this.#image(unit).holding, address, length);
    const refuse = () => {
      this.writes++;
      throw exception(ILLEGAL_FUNCTION, 'this device can only be read');
    };
    return {
      getCoil: (address: number, unit: number) => this.#coil(address, unit),
      getInputRegister: (address: number, unit: number) => input(address, 1, unit)[0],
      getHoldingRegister: (address: number, unit: number) => holding(address, 1, unit)[0],
      getMultipleInputRegisters: input,
      getMultipleHoldingRegisters: holding,
      setCoil: refuse,
      setRegister: refuse,
    };
  }

  #image(unit: number): RegisterImage {
    const image = this.#source.imageOf(unit);
    if (image === undefined) throw exception(GATEWAY_TARGET_SILENT, `there is no unit ${unit}`);
    return image;
  }

  #coil(address: number, unit: number): boolean {
    this.reads++;
    const { coils } = this.#image(unit);
    if (address >= coils.length) throw exception(ILLEGAL_DATA_ADDRESS, `there is no coil ${address}`);
    return coils[address];
  }

  #words({ words }: RegisterTable, address: number, length: number): number[] {
    this.reads++;
    if (address + length > words.length) {
      throw exception(ILLEGAL_DATA_ADDRESS, `there are no ${length} registers at ${address}`);
    }
    return Array.from(words.subarray(address, address + length));
  }
}

/** The library sends `modbusErrorCode` of an error that is thrown as the exception code. */
function exception(code: number, message: string): Error {
  return Object.assign(new Error(message), { modbusErrorCode: code });
}
