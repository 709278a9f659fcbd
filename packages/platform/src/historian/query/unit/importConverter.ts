/** How samples that are brought in come to be in the unit of the tag that they are added to. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { converterBetween, type UnitConverter } from './unitConverter.ts';

type Measured = Pick<TagDefinition, 'path' | 'type' | 'unit'>;

/**
 * What makes values of `tag` of those of `samples`; `undefined` where they are in its unit, as they are where they state
 * none. Fault: `import.invalid` where they cannot be converted, with both units and what to do.
 */
export async function importConverter(samples: Measured, tag: Measured): Promise<Result<UnitConverter | undefined>> {
  if (samples.unit === '' || samples.unit === tag.unit) return success(undefined);
  if (tag.type !== 'number') return failure('import.invalid', refusal(samples, tag, `A ${tag.type} has no unit.`));
  if (tag.unit === '') return failure('import.invalid', refusal(samples, tag, 'Nothing says what its values are in.'));
  const converter = await converterBetween(samples.unit, tag.unit);
  return converter.ok ? converter : failure('import.invalid', refusal(samples, tag, converter.fault.detail));
}

function refusal(samples: Measured, { path, unit }: Measured, why: string): string {
  const kept = unit === '' ? 'without a unit' : `in ${unit}`;
  const remedy = `Name no unit where they are as the tag is, name one that can be converted, or import to another path.`;
  return `${path} is kept ${kept}, and the samples are in ${samples.unit}. ${why} ${remedy}`;
}
