/** A profile in the YAML file of a gateway: which model judges, and which tags are its features. */

import { filePath } from '@tidegate/config/fields.ts';
import { isSystemPath, tagPathDefect } from '@tidegate/core/sample/tag.ts';
import { z } from 'zod';

export type HealthEntry = z.output<typeof healthSchema>;

const name = z
  .string()
  .superRefine((text, context) => {
    const wrong =
      tagPathDefect(`${text}/score`) ?? (isSystemPath(text) ? 'has a segment that begins with "_"' : undefined);
    if (wrong === undefined) return;
    const params = { hint: 'the path below which its tags stand, such as site/area/pump-7/bearings' };
    context.issues.push({ code: 'custom', message: `${JSON.stringify(text)} ${wrong}`, input: text, params });
  })
  .describe('the path below which its tags stand, such as site/area/pump-7/bearings');

export const healthShape = {
  name,
  model: filePath(),
  features: z.record(z.string(), z.string()).describe('names of features of the model, and the tag of each'),
};

export const healthSchema = z.strictObject(healthShape);
