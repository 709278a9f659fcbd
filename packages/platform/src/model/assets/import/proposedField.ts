/** Unit and range of an attribute, as far as all tags that are bound to it agree, and what is odd about them. */

import { converterBetween } from '../../../historian/query/unit/unitConverter.ts';
import type { PlacedTag } from './placeTags.ts';

export interface ProposedField {
  /** UCUM, or empty. */
  readonly unit: string;
  readonly low: number | undefined;
  readonly high: number | undefined;
  /** As sentences without a full stop. */
  readonly oddities: readonly string[];
}

export async function proposeField(tags: readonly PlacedTag[]): Promise<ProposedField> {
  const oddities: string[] = [];
  const written = new Set(tags.map(({ tag }) => tag.unit).filter((unit) => unit !== ''));
  const [first = ''] = written;
  if (written.size > 1) oddities.push(`its tags have different units: ${[...written].slice(0, 5).join(', ')}`);
  const unit = written.size === 1 ? await ucumOf(first, oddities) : '';
  const wanted = tags[0].referenceUnit;
  if (unit !== '' && wanted !== undefined) {
    const plausible = await converterBetween(unit, wanted);
    if (!plausible.ok) oddities.push(`${unit} is no unit of what its name says it measures`);
  }
  const low = sameOf(tags.map(({ tag }) => tag.low));
  const high = sameOf(tags.map(({ tag }) => tag.high));
  const isRange = low !== undefined && high !== undefined && low < high;
  if (low !== undefined && high !== undefined && !isRange) oddities.push(`its range ${low}..${high} is none`);
  return { unit, low: isRange ? low : undefined, high: isRange ? high : undefined, oddities };
}

/** The unit as UCUM writes it, where it is known what is meant. */
async function ucumOf(written: string, oddities: string[]): Promise<string> {
  const percent = written === '%' || written === '1';
  const known = percent ? undefined : await converterBetween(written, '1');
  if (!known || known.ok || known.fault.code !== 'unit.unknown') return written;
  const meant = /did you mean (\S+)\?/.exec(known.fault.detail)?.[1];
  const found = meant === undefined ? undefined : await converterBetween(meant, '1');
  if (meant !== undefined && (found?.ok || found?.fault.code !== 'unit.unknown')) {
    oddities.push(`its unit "${written}" is written ${meant} in UCUM`);
    return meant;
  }
  oddities.push(`its unit "${written}" is unknown and left out`);
  return '';
}

function sameOf(values: readonly (number | undefined)[]): number | undefined {
  return values.every((value) => value === values[0]) ? values[0] : undefined;
}
