/** How an attribute is written: a bare value, or a map with at most one source. */

import { z } from 'zod';
import type { AttributeDraft, SourceDraft } from './modelDraft.ts';

const SOURCES = ['tag', 'value', 'formula', 'from'] as const;

const scalar = z.union([z.number(), z.string(), z.boolean()]);

const attributeMap = z
  .strictObject({
    tag: z.string().min(1).optional().describe('a path of a tag, such as "{path}/speed"'),
    value: scalar.optional().describe('a number, a text, true or false'),
    formula: z.string().min(1).optional().describe(`an expression such as "'power' / 'flow'"`),
    from: z.string().min(1).optional().describe('an attribute of another asset, such as driver/speed'),
    unit: z.string().optional().describe('a UCUM code such as kW, Cel or m3/h'),
    low: z.number().optional(),
    high: z.number().optional(),
    uncertainty: z.number().nonnegative().optional().describe('the standard uncertainty in the unit of the attribute'),
    type: z.enum(['number', 'boolean', 'string']).optional(),
    required: z.boolean().optional(),
    description: z.string().optional(),
  })
  .superRefine((attribute, context) => {
    const given = SOURCES.filter((source) => attribute[source] !== undefined);
    if (given.length > 1) {
      context.issues.push({
        code: 'custom',
        message: `an attribute has one source, not ${given.join(' and ')}`,
        input: attribute,
        path: [given[1]],
        params: { hint: 'remove the others' },
      });
    }
    const { low, high } = attribute;
    if (low !== undefined && high !== undefined && low > high) {
      const params = { hint: 'swap low and high' };
      context.issues.push({ code: 'custom', message: `${low} is above ${high}`, input: low, path: ['low'], params });
    }
  });

export const attributeText = z.union([scalar, attributeMap]);
export type AttributeText = z.output<typeof attributeText>;

/** What is said of an attribute, without its name and place. */
export type AttributeSaid = Omit<AttributeDraft, 'name' | 'place'>;

export function readAttribute(said: AttributeText): AttributeSaid {
  if (typeof said !== 'object') return constantOf(said);
  const { tag: _tag, value, formula: _formula, from: _from, ...rest } = said;
  const source = sourceOf(said);
  return { ...(value === undefined ? source && { source } : constantOf(value)), ...rest };
}

function sourceOf(said: Pick<z.output<typeof attributeMap>, 'tag' | 'formula' | 'from'>): SourceDraft | undefined {
  if (said.tag !== undefined) return { kind: 'tag', pattern: said.tag };
  if (said.formula !== undefined) return { kind: 'formula', text: said.formula };
  return said.from === undefined ? undefined : { kind: 'from', name: said.from };
}

/** Booleans travel as the numbers 0 and 1; the type goes by what is written, where nothing else is said. */
function constantOf(value: number | string | boolean): AttributeSaid {
  if (typeof value === 'boolean') return { source: { kind: 'constant', value: Number(value) }, type: 'boolean' };
  return { source: { kind: 'constant', value }, ...(typeof value === 'string' && { type: 'string' as const }) };
}
