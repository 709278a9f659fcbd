/** One slave as its conversation with its master shows it: state, parameters, configuration, diagnosis and I/O image. */

import { type Configuration, parseConfiguration } from './configuration.ts';
import { DIAGNOSIS_FLAG, type Diagnosis, hasFlag, parseDiagnosis } from './diagnosis.ts';
import { Image } from './image.ts';
import { type Parameters, parseParameters } from './parameters.ts';

/** From the first telegrams of a start-up to the cyclic exchange of inputs and outputs. */
export const SLAVE_STATES = [
  'no answer',
  'waiting for parameters',
  'waiting for configuration',
  'ready',
  'data exchange',
] as const;

export type SlaveState = (typeof SLAVE_STATES)[number];

export class Slave {
  readonly station: number;
  readonly inputs = new Image();
  readonly outputs = new Image();
  /** The last diagnosis as it came, with its time. */
  readonly diagnosisImage = new Image();
  state: SlaveState = 'no answer';
  /** The master that exchanges data with it or has parameterised it; undefined while neither has been heard. */
  master: number | undefined;
  parameters: Parameters | undefined;
  configuration: Configuration | undefined;
  diagnosis: Diagnosis | undefined;
  /** Whether the slave has said, by an answer of high priority, that a diagnosis waits to be fetched. */
  diagnosisPending = false;
  /** Whether its master has told it to clear its outputs. */
  cleared = false;

  constructor(station: number) {
    this.station = station;
  }

  setParameters(bytes: Uint8Array): void {
    this.parameters = parseParameters(bytes) ?? this.parameters;
  }

  /** By its own word in the diagnosis, or by what its master takes it for. */
  get ident(): number | undefined {
    return this.diagnosis?.ident ?? this.parameters?.ident;
  }

  /** Whether it is another one than before; one that makes no sense changes nothing. */
  setConfiguration(bytes: Uint8Array): boolean {
    if (this.configuration && sameBytes(this.configuration.bytes, bytes)) return false;
    const configuration = parseConfiguration(bytes);
    if (!configuration) return false;
    this.configuration = configuration;
    return true;
  }

  /** Whether it is another one than before; decoded only then, since some masters fetch it in every cycle. */
  setDiagnosis(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.diagnosisImage.equals(bytes, start, end)) return false;
    this.diagnosisImage.set(bytes, start, end);
    this.diagnosis = parseDiagnosis(bytes.subarray(start, end));
    return true;
  }

  /** A slave that asks for neither parameters nor configuration is as far as it was, or ready for data. */
  get stateByDiagnosis(): SlaveState {
    const { bytes } = this.diagnosisImage;
    if (hasFlag(bytes, DIAGNOSIS_FLAG.parametersRequired | DIAGNOSIS_FLAG.parameterFault)) {
      return 'waiting for parameters';
    }
    if (hasFlag(bytes, DIAGNOSIS_FLAG.configurationFault | DIAGNOSIS_FLAG.notReady)) return 'waiting for configuration';
    return this.state === 'data exchange' ? 'data exchange' : 'ready';
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
