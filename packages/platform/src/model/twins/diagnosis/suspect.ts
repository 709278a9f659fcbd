/** What may be behind the residuals of a twin: an instrument that reads with an offset, or a machine that has changed. */

import { readsOf } from '../replay/readsOf.ts';
import type { DerivedAttribute, ParameterValues } from '../replay/twinHistory.ts';
import type { TwinTemplate } from '../twinTemplate.ts';

export interface Suspect {
  readonly kind: 'sensor' | 'machine';
  /** Of the attribute that the instrument measures, or of the parameter of the machine. */
  readonly name: string;
  /** UCUM code, empty where there is none. */
  readonly unit: string;
}

/** `measured` gives the unit of each attribute that an instrument measures; parameters that a fit may change are the machine. */
export function suspectsOf(
  template: TwinTemplate,
  parameters: ParameterValues,
  measured: ReadonlyMap<string, string>,
  attributes: readonly string[],
  derived: readonly DerivedAttribute[] = [],
): readonly Suspect[] {
  const expected = attributes.map((attribute) => template.expected.get(attribute)!);
  const read = new Set(expected.flatMap((each) => readsOf(template, each)));
  // What a derived attribute reads is read by whoever reads it; each stands behind what it reads.
  for (const { name, inputs } of derived.toReversed()) if (read.has(name)) for (const input of inputs) read.add(input);
  const learned = new Set(expected.flatMap(({ terms = [] }) => terms.map(({ coefficient }) => coefficient)));
  const sensors = [...measured].filter(([name]) => read.has(name) || attributes.includes(name));
  const machine = [...template.parameters].filter(
    ([name, { fitted }]) => fitted && read.has(name) && parameters.has(name) && !learned.has(name),
  );
  return [
    ...sensors.map(([name, unit]): Suspect => ({ kind: 'sensor', name, unit })),
    ...machine.map(([name, { unit }]): Suspect => ({ kind: 'machine', name, unit })),
  ];
}
