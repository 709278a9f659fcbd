/** One device of the plant: a replay behind a Modbus TCP server that is not of our making. */

import { ServerTCP } from 'modbus-serial';
import type { RegisterTable } from './registerImage.ts';
import type { Replay } from './replay.ts';

/** Exceptions of the Modbus Application Protocol V1.1b3, 7. */
const ILLEGAL_FUNCTION = 1;
const ILLEGAL_DATA_ADDRESS = 2;
/** Loopback only: Modbus knows no users, and this plant is for one machine. */
const HOST = '127.0.0.1';

export class PlantDevice {
  readonly replay: Replay;
  /** Reads of a register range or of a coil that have been asked for. */
  reads = 0;
  /** Writes that have been asked for; none is ever carried out. */
  writes = 0;
  readonly #server: ServerTCP;

  private constructor(replay: Replay, port: number) {
    this.replay = replay;
    this.#server = new ServerTCP(this.#service(), { host: HOST, port });
    // A client that goes away in the middle of an answer is no concern of a device.
    this.#server.on('socketError', () => {});
  }

  /** Listens on `port` of the loopback address; rejects with the error of `listen`, such as EADDRINUSE. */
  static start(replay: Replay, port: number): Promise<PlantDevice> {
    const device = new PlantDevice(replay, port);
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
    const input = (address: number, length: number) => this.#words(this.replay.image.input, address, length);
    const holding = (address: number, length: number) => this.#words(this.replay.image.holding, address, length);
    const refuse = () => {
      this.writes++;
      throw exception(ILLEGAL_FUNCTION, 'this device can only be read');
    };
    return {
      getCoil: (address: number) => this.#coil(address),
      getInputRegister: (address: number) => input(address, 1)[0],
      getHoldingRegister: (address: number) => holding(address, 1)[0],
      getMultipleInputRegisters: input,
      getMultipleHoldingRegisters: holding,
      setCoil: refuse,
      setRegister: refuse,
    };
  }

  #coil(address: number): boolean {
    this.reads++;
    const { coils } = this.replay.image;
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
