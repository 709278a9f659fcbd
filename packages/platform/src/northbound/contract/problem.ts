/** The one shape of every error (RFC 9457), and the table behind it. */

import { z } from 'zod';

export const Problem = z
  .object({
    type: z.string().meta({
      description: 'URN of the kind of problem, made of its code.',
      examples: ['urn:tidegate:fault:tag.unknown'],
    }),
    title: z.string().meta({ description: 'What this kind of problem means.', examples: ['No tag has this name.'] }),
    status: z.int().meta({ description: 'The HTTP status, repeated.', examples: [404] }),
    detail: z
      .string()
      .meta({ description: 'What exactly is wrong this time.', examples: ['No tag is named "TI-101".'] }),
    code: z.string().meta({ description: 'Code of the fault, listed by /faults.', examples: ['tag.unknown'] }),
    remedy: z.string().meta({ description: 'What to do about it.', examples: ['Look the tag up with /api/v1/tags.'] }),
    errors: z
      .array(
        z.object({
          field: z.string().meta({ description: 'Name of the parameter.', examples: ['limit'] }),
          detail: z.string().meta({ description: 'What is wrong with it.', examples: ['must be at most 100000'] }),
        }),
      )
      .optional()
      .meta({ description: 'Every parameter that is wrong, all at once.' }),
    position: z
      .object({ line: z.int().min(1), column: z.int().min(1) })
      .optional()
      .meta({ description: 'Where in an SQL statement the mistake is.' }),
    suggestions: z
      .array(z.string())
      .optional()
      .meta({
        description: 'Names that come near to the one that was not found, the nearest first.',
        examples: [['acme/north/reactor/temperature']],
      }),
  })
  .meta({ id: 'Problem', description: 'An error, as problem details of RFC 9457 (application/problem+json).' });
export type Problem = z.infer<typeof Problem>;

export const FaultList = z
  .object({
    faults: z.array(
      z.object({
        code: z.string().meta({ examples: ['tag.unknown'] }),
        meaning: z.string().meta({ description: 'What is wrong when this code appears.' }),
        httpStatus: z.int().meta({ description: 'The HTTP status that goes with it.' }),
        remedy: z.string().meta({ description: 'What to do about it.' }),
      }),
    ),
  })
  .meta({ id: 'FaultList', description: 'Every fault that this version knows, in order of code.' });
export type FaultList = z.infer<typeof FaultList>;
