/** One configured station: what is known of it by now, and how good that is. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { DeviceSpec } from '../../driver.ts';
import { type Configuration, parseConfiguration } from './dp/configuration.ts';
import { DIAGNOSIS_FLAG, hasFlag } from './dp/diagnosis.ts';
import { formatIdent } from './dp/formatIdent.ts';
import type { Image } from './dp/image.ts';
import type { Slave } from './dp/slave.ts';
import type { Bus } from './fdl/bus.ts';
import { diagnosisTexts } from './gsd/diagnosisTexts.ts';
import type { Gsd } from './gsd/gsd.ts';
import { configurationOf, gsdOf, type ProfibusOptions } from './options.ts';
import { SlaveLayout } from './slaveLayout.ts';

/** A device that was heard so long ago counts as gone, whatever its timeout. */
const HEARD_MS = 3_000;

export interface StationPorts {
  readonly clock: Clock;
  readonly bus: Bus;
  /** What has been overheard of the station; undefined while that is nothing. */
  readonly slave: () => Slave | undefined;
  /** Since when there is a line to listen to; undefined while there is none. */
  readonly listeningSinceMs: () => number | undefined;
}

export class Station {
  readonly name: string;
  readonly address: number;
  readonly gsd: Gsd | undefined;
  readonly #ports: StationPorts;
  readonly #timeoutMs: number;
  readonly #gsdMissing: string | undefined;
  readonly #configured: Configuration | undefined;
  #layout: SlaveLayout | undefined;

  constructor({ name, options, timeoutMs }: DeviceSpec<ProfibusOptions>, ports: StationPorts) {
    this.name = name;
    this.address = options.station;
    this.gsd = gsdOf(options);
    this.#gsdMissing = typeof options.gsd === 'string' ? options.gsd : undefined;
    this.#configured = configurationOf(options) ?? compactConfiguration(this.gsd);
    this.#timeoutMs = timeoutMs;
    this.#ports = ports;
  }

  get slave(): Slave | undefined {
    return this.#ports.slave();
  }

  get bus(): Bus {
    return this.#ports.bus;
  }

  /** Whether there is a line to listen to. */
  get listening(): boolean {
    return this.#ports.listeningSinceMs() !== undefined;
  }

  get now(): Timestamp {
    return this.#ports.clock.now();
  }

  /** Undefined while nobody has listened for long enough to tell. */
  get heard(): boolean | undefined {
    const withinMs = Math.max(HEARD_MS, this.#timeoutMs);
    if (this.#isHeard(withinMs)) return true;
    const sinceMs = this.#ports.listeningSinceMs();
    return sinceMs !== undefined && this.#ports.clock.elapsedMs() - sinceMs > withinMs ? false : undefined;
  }

  /** What is wrong with it, or with what was configured of it, while the line is well; one sentence. */
  get defect(): string | undefined {
    if (this.#gsdMissing !== undefined) return `the GSD file ${this.#gsdMissing} was not read`;
    if (this.presenceStatus() === STATUS.BadNoCommunication) return `station ${this.address} is not heard on the bus`;
    const { slave, gsd } = this;
    if (gsd && slave?.ident !== undefined && slave.ident !== gsd.ident) {
      const found = formatIdent(slave.ident);
      return `the device has the ident number ${found}, and the GSD file is for ${formatIdent(gsd.ident)}`;
    }
    return this.#layoutDefect();
  }

  /** How the slots and modules lie in the images; `undefined` while that is not known. */
  get layout(): SlaveLayout | undefined {
    const configuration = this.slave?.configuration ?? this.#configured;
    if (!configuration) return undefined;
    if (this.#layout?.configuration !== configuration) this.#layout = new SlaveLayout(configuration, this.gsd);
    return this.#layout;
  }

  /**
   * Whether the configuration accounts for the data that is exchanged: one that was written by hand may not, nor one that
   * was overheard before the modules were changed.
   */
  get layoutFits(): boolean {
    const { slave, layout } = this;
    if (!slave || !layout || slave.state !== 'data exchange') return true;
    const { inputBytes, outputBytes } = layout.configuration;
    return slave.inputs.length === inputBytes && slave.outputs.length === outputBytes;
  }

  /** Why points of the image have no value, or how good their values are. */
  imageStatus(image: Image | undefined, intervalMs: number): StatusCode {
    const patienceMs = Math.max(intervalMs, this.#timeoutMs);
    const absent = this.presenceStatus(patienceMs);
    if (absent !== STATUS.Good) return absent;
    const { slave } = this;
    if (!slave || !image || image.length < 0) return STATUS.BadWaitingForInitialData;
    if (slave.state === 'waiting for parameters' || slave.state === 'waiting for configuration') {
      return STATUS.BadOutOfService;
    }
    if (this.#ports.clock.elapsedMs() - image.elapsedMs <= patienceMs) return STATUS.Good;
    const failing = hasFlag(slave.diagnosisImage.bytes, DIAGNOSIS_FLAG.static);
    return failing ? STATUS.BadDeviceFailure : STATUS.BadNoCommunication;
  }

  /** Good where the station is there, whatever its state. */
  presenceStatus(patienceMs = Math.max(HEARD_MS, this.#timeoutMs)): StatusCode {
    const sinceMs = this.#ports.listeningSinceMs();
    if (sinceMs === undefined) return STATUS.BadNotConnected;
    if (this.#isHeard(patienceMs)) return STATUS.Good;
    const beginning = this.#ports.clock.elapsedMs() - sinceMs < patienceMs;
    return beginning ? STATUS.BadWaitingForInitialData : STATUS.BadNoCommunication;
  }

  /** Whether the diagnosis blames a module for the bytes from `at` on. */
  isFaulty(area: 'input' | 'output', at: number, width: number): boolean {
    const diagnosis = this.slave?.diagnosis;
    return diagnosis?.faulty === true && this.layout?.isFaulty(diagnosis, area, at, width) === true;
  }

  diagnosisText(): string {
    const diagnosis = this.slave?.diagnosis;
    return diagnosis ? diagnosisTexts(diagnosis, this.gsd).join('; ') : '';
  }

  #isHeard(withinMs: number): boolean {
    const { stations } = this.bus;
    if (stations.presenceOf(this.address) !== 'present') return false;
    return this.#ports.clock.elapsedMs() - stations.heardMs(this.address) <= withinMs;
  }

  #layoutDefect(): string | undefined {
    if (this.layoutFits || !this.slave || !this.layout) return undefined;
    const { inputs, outputs } = this.slave;
    const { inputBytes, outputBytes } = this.layout.configuration;
    const exchanged = `${inputs.length} bytes of inputs and ${outputs.length} of outputs`;
    return `the device exchanges ${exchanged}, and its configuration has ${inputBytes} and ${outputBytes}`;
  }
}

/** A device that takes no modules and offers one choice has that configuration always. */
function compactConfiguration(gsd: Gsd | undefined): Configuration | undefined {
  if (!gsd || gsd.modular || gsd.modules.length !== 1) return undefined;
  return parseConfiguration(gsd.modules[0].configuration);
}
