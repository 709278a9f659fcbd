/** Event frames as the contract writes them. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { AppliedModel } from '../../../model/assets/modelStore.ts';
import type { KeptFrame } from '../../../monitor/events/frameStore.ts';
import type { FrameTemplate } from '../../../monitor/events/frameTemplate.ts';
import type { FrameDetail, Frame as JsonFrame } from '../../contract/event.ts';
import { historyLink } from './historyLink.ts';

export interface FrameContext {
  readonly applied: AppliedModel;
  readonly templates: ReadonlyMap<string, FrameTemplate>;
  readonly now: number;
}

export function frameJson(frame: KeptFrame, { applied, templates, now }: FrameContext): JsonFrame {
  const { id, template, asset, start, end, uncertain, parent, figures, derivedAt } = frame;
  return {
    ...{ id, template, kind: templates.get(template)?.kind ?? 'other' },
    asset: { id: asset, path: applied.model.assets.get(asset)?.path ?? asset },
    ...{ start, end: end ?? null, seconds: ((end ?? Math.max(now, start)) - start) / US_PER_S },
    ...{ uncertain, parent: parent ?? null, figures, derivedAt },
  };
}

type Provenance = Pick<FrameDetail, 'description' | 'conditions' | 'captured'>;

/** What its edges and figures came from, as the model says it now; nothing, where it has such frames no more. */
export function provenanceJson(frame: KeptFrame, { applied, templates, now }: FrameContext): Provenance {
  const template = templates.get(frame.template);
  if (!template) return { description: '', conditions: [], captured: [] };
  const asset = applied.model.assets.get(frame.asset);
  const range = { start: frame.start, end: (frame.end ?? now) + 1 };
  const link = (attribute: string) => historyLink(applied, frame.asset, attribute, range);
  const edges = [
    ['start', template.start],
    ['end', template.end],
  ] as const;
  return {
    description: template.description,
    conditions: edges.flatMap(([edge, expression]) =>
      expression ? [{ edge, expression: expression.text, sources: expression.tags.map(link) }] : [],
    ),
    captured: template.figures.map(({ name, attribute, capture }) => ({
      ...{ name, capture, value: frame.figures[name] ?? null },
      unit: (asset && applied.lookup.attribute(asset, attribute)?.attribute.unit) ?? '',
      source: link(attribute),
    })),
  };
}
