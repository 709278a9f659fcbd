/** What a diagnosis says, in the words of the standard and, where there is a GSD file, of the manufacturer. */

import { DIAGNOSIS_FLAG, type Diagnosis, type DiagnosisBlock, hasFlag } from '../dp/diagnosis.ts';
import type { Gsd, UnitDiagnosis, UnitDiagnosisArea } from './gsd.ts';

/** Errors of channels (IEC 61158-6-3, Channel_Related_Diagnosis); 16 to 31 are the manufacturer's. */
const CHANNEL_ERRORS = new Map([
  [1, 'short circuit'],
  [2, 'undervoltage'],
  [3, 'overvoltage'],
  [4, 'overload'],
  [5, 'overtemperature'],
  [6, 'line break'],
  [7, 'upper limit exceeded'],
  [8, 'lower limit exceeded'],
  [9, 'error'],
]);

const FLAG_TEXTS: readonly (readonly [number, string])[] = [
  [DIAGNOSIS_FLAG.notReady, 'not ready for data exchange'],
  [DIAGNOSIS_FLAG.configurationFault, 'configuration refused'],
  [DIAGNOSIS_FLAG.notSupported, 'a function that is not supported was asked for'],
  [DIAGNOSIS_FLAG.parameterFault, 'parameters refused'],
  [DIAGNOSIS_FLAG.lockedByAnother, 'locked by another master'],
  [DIAGNOSIS_FLAG.parametersRequired, 'new parameters required'],
  [DIAGNOSIS_FLAG.static, 'no valid data (static diagnosis)'],
];

/** A diagnosis has at most 244 bytes; no person reads the text of each bit of them. */
const MAX_TEXTS = 20;

/** The sentences' parts, such as `slot 2, channel 0: line break`; empty where the slave has nothing to complain of. */
export function diagnosisTexts(diagnosis: Diagnosis, gsd: Gsd | undefined): string[] {
  const flags = FLAG_TEXTS.filter(([flag]) => hasFlag(diagnosis.bytes, flag)).map(([, text]) => text);
  const texts = [...flags, ...diagnosis.blocks.flatMap((block) => blockTexts(block, gsd))];
  if (diagnosis.faulty && texts.length === 0) texts.push('a fault that the diagnosis does not name');
  return texts.length <= MAX_TEXTS ? texts : [...texts.slice(0, MAX_TEXTS), `${texts.length - MAX_TEXTS} more`];
}

function blockTexts(block: DiagnosisBlock, gsd: Gsd | undefined): string[] {
  switch (block.kind) {
    case 'modules':
      return block.slots.map((slot) => `slot ${slot}: faulty`);
    case 'channel': {
      const error = CHANNEL_ERRORS.get(block.error) ?? gsd?.channelErrors.get(block.error) ?? `error ${block.error}`;
      return [`slot ${block.slot}, channel ${block.channel}: ${error}`];
    }
    case 'device':
      return deviceTexts(block.data, gsd);
    case 'revision':
      return [];
  }
}

/** What the GSD file says of the bits; where it says nothing of them, the bytes as they are. */
function deviceTexts(data: Uint8Array, gsd: Gsd | undefined): string[] {
  if (data.every((byte) => byte === 0)) return [];
  const unit = gsd && (gsd.typedDiagnosis.get(data[0]) ?? gsd.unitDiagnosis);
  const texts = unit ? unitTexts(data, unit) : [];
  return texts.length > 0 ? texts : [`device diagnosis ${Buffer.from(data).toString('hex')}`];
}

function unitTexts(data: Uint8Array, unit: UnitDiagnosis): string[] {
  const isSet = (bit: number) => bit < data.length * 8 && ((data[bit >> 3] >> (bit & 7)) & 1) === 1;
  const set = [...unit.bits].filter(([bit]) => isSet(bit));
  const notSet = [...unit.notBits].filter(([bit]) => bit < data.length * 8 && !isSet(bit));
  const areas = unit.areas.filter(({ lastBit }) => lastBit < data.length * 8).map((area) => areaText(area, isSet));
  return [
    ...set.map(([, text]) => text),
    ...notSet.map(([, text]) => text),
    ...areas.filter((text) => text !== undefined),
  ];
}

/** The number is in the bits from the first, its lowest, on. */
function areaText(
  { firstBit, lastBit, texts }: UnitDiagnosisArea,
  isSet: (bit: number) => boolean,
): string | undefined {
  let value = 0;
  for (let bit = lastBit; bit >= firstBit; bit--) value = value * 2 + (isSet(bit) ? 1 : 0);
  return texts.get(value);
}
