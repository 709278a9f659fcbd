/** What the answers about equipment health share: whose it is, what is left, how a feature stands. */

import { z } from 'zod';
import { SEVERITIES } from '../../monitor/health/definition/healthWatch.ts';
import { Instant } from './time.ts';

export const MAX_HEALTH_BYTES = 64 * 1024;

export const AUTHOR = z.string().trim().min(1).max(200);
export const COMMENT = z.string().trim().max(4_000);
export const share = (description: string) => z.number().meta({ description: `${description}, from 0 to 1.` });
export const count = (description: string) => z.int().meta({ description });
export const days = (description: string) => z.number().nullable().meta({ description });

export const WATCH_NAME = z.string().meta({
  description: 'A watch: its id, or the path of its asset, a slash and its name.',
  examples: ['acme/north/utilities/psu-1/output-joint'],
});
export const SEVERITY = z.enum(SEVERITIES).meta({ description: 'How bad the failure is.' });

export const HealthAsset = z
  .object({
    id: z.string().meta({ description: 'Id of the asset.' }),
    path: z.string().meta({ description: 'Path of the asset.', examples: ['acme/north/utilities/psu-1'] }),
  })
  .meta({ id: 'HealthAsset', description: 'Whose health it is.' });
export type HealthAsset = z.infer<typeof HealthAsset>;

export const HealthLife = z
  .object({
    medianDays: days('Half of such equipment lasts longer; null where no end is in sight.'),
    lowDays: days('So many days are left with a probability of 95 %; null where no end is in sight.'),
    highDays: days('So many days are left with a probability of 5 %; null where no end is in sight.'),
  })
  .meta({ id: 'HealthLife', description: 'What is left, from the moment of the newest data on.' });
export type HealthLife = z.infer<typeof HealthLife>;

/** What is left, or why that is not said: one of the two is null. */
export const LIFE = {
  life: HealthLife.nullable().meta({ description: 'What is left; null where the data carry no estimate.' }),
  noLife: z.string().nullable().meta({ description: 'Why nothing is said of what is left; null where it is.' }),
};

export const HealthLimit = z
  .object({
    at: z.number().meta({ description: 'In the unit of the feature.' }),
    side: z.enum(['high', 'low']).meta({ description: 'Whether it is bad above or below.' }),
  })
  .meta({ id: 'HealthLimit', description: 'Where equipment counts as failed, or must be taken out.' });
export type HealthLimit = z.infer<typeof HealthLimit>;

export const HealthFatigue = z
  .object({
    name: z.string().meta({ description: 'Name of what wears.', examples: ['terminal'] }),
    part: z.string().meta({ description: 'What wears.', examples: ['the solder joint of the output terminal'] }),
    cause: z.string().meta({ description: 'By what.', examples: ['thermal cycling'] }),
    damage: z.number().nullable().meta({ description: "Miner's sum: at 1 its life is used up; null where not known." }),
    perDay: z.number().nullable().meta({ description: 'What is added in a day; null where not known.' }),
    ...LIFE,
  })
  .meta({ id: 'HealthFatigue', description: 'Damage that cycles of a load or a temperature have done.' });
export type HealthFatigue = z.infer<typeof HealthFatigue>;

export const HealthSite = z
  .object({
    where: z.string().meta({ description: 'Where it stands.' }),
    access: z.string().meta({ description: 'How to get there.' }),
    isolations: z.array(z.string()).meta({ description: 'What must be isolated for any work there.' }),
  })
  .meta({ id: 'HealthSite', description: 'How to get to an asset.' });
export type HealthSite = z.infer<typeof HealthSite>;

export const HealthPeriod = z
  .object({
    start: Instant.meta({ description: 'Its beginning.' }),
    end: Instant.meta({ description: 'Its end, itself not included.' }),
    reason: z.string().meta({ description: 'Why it is left out.' }),
  })
  .meta({ id: 'HealthPeriod', description: 'A time that models do not learn from.' });
export type HealthPeriod = z.infer<typeof HealthPeriod>;
