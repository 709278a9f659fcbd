/** What an engineer writes of a measure of vibration. */

import { bearingFrequencies } from '@tidegate/health/signal/bearingFrequencies.ts';
import { faultOf } from '@tidegate/health/signal/vibrationMeasure.ts';
import { z } from 'zod';
import type { Measure } from './healthWatch.ts';

const band = z
  .strictObject({ lowHz: z.number().min(0), highHz: z.number() })
  .refine(({ lowHz, highHz }) => lowHz < highHz, { error: 'ends where it begins, or below' })
  .describe('what is listened to, such as { lowHz: 2000, highHz: 5000 }');
const bearing = z
  .strictObject({
    rollers: z.number(),
    rollerDiameter: z.number().describe('in the same unit as `pitchDiameter`'),
    pitchDiameter: z.number().describe('from the middle of a roller to that of the one across'),
    contactDegrees: z.number().default(0).describe('load angle from the radial'),
  })
  .superRefine((geometry, context) => {
    const known = bearingFrequencies(geometry, 1);
    if (!known.ok) context.issues.push({ code: 'custom', message: `is none: ${known.fault.detail}`, input: geometry });
  });

/** Fields of a feature. */
export const vibrationFields = {
  band: band.optional(),
  bearing: bearing.optional(),
  order: z.number().positive().optional().describe('a multiple of the speed of the shaft'),
  shaft: z.string().min(1).optional().describe('the attribute that has the speed of the shaft'),
};
type VibrationField = keyof typeof vibrationFields;

type VibrationText = { readonly measure: Measure } & { readonly [Field in VibrationField]?: unknown };

/** Refuses what the measure does not take, and that what it needs is left out. */
export function checkVibration(feature: VibrationText, context: z.core.$RefinementCtx): void {
  const { measure } = feature;
  const { needs, takes } = fieldsOf(measure);
  const refuse = (message: string, path: string[]) =>
    context.issues.push({ code: 'custom', message, input: feature, path });
  for (const field of Object.keys(vibrationFields) as VibrationField[]) {
    const isSaid = feature[field] !== undefined;
    if (!isSaid && needs.includes(field)) refuse(`needs \`${field}\``, ['measure']);
    if (isSaid && !needs.includes(field) && !takes.includes(field)) {
      refuse(`is nothing that the measure ${measure} takes`, [field]);
    }
  }
}

function fieldsOf(measure: Measure): {
  readonly needs: readonly VibrationField[];
  readonly takes: readonly VibrationField[];
} {
  if (faultOf(measure)) return { needs: ['bearing', 'shaft'], takes: ['band'] };
  if (measure === 'order') return { needs: ['order', 'shaft'], takes: [] };
  if (measure === 'band') return { needs: ['band'], takes: [] };
  return { needs: [], takes: measure === 'velocity' ? ['band'] : [] };
}
