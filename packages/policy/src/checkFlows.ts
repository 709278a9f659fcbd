/** What contradicts itself in the flows of a policy: above all, what can never fit because an earlier one takes all. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { DataPath } from '@tidegate/config/dataPath.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import { checkNames, otherAt } from './checkZones.ts';
import { type FlowEntry, type PolicyDocument, SUBJECTS } from './policyDocument.ts';

/** A pattern of a flow, and where it stands. */
interface PlacedPattern {
  readonly pattern: TagPattern;
  readonly subject: string;
  readonly lane: string | undefined;
  readonly flow: string;
  readonly path: DataPath;
}

export function checkFlows(document: ConfigDocument, policy: PolicyDocument): Defect[] {
  const { conduits, classifications } = policy;
  return [
    ...conduits.flatMap(({ flows }, index) => checkNames(document, ['conduits', index, 'flows'], flows)),
    ...conduits.flatMap(({ flows }, index) =>
      flows.flatMap((flow, at) =>
        checkClassification(document, ['conduits', index, 'flows', at], flow, classifications),
      ),
    ),
    ...policy.zones.flatMap(({ name }) => checkReach(document, policy, name)),
  ];
}

function checkClassification(
  document: ConfigDocument,
  path: DataPath,
  { name, classification }: FlowEntry,
  known: readonly string[],
): Defect[] {
  if (classification === undefined) {
    if (known.length === 0) return [];
    return [document.defect(path, `the flow ${name} has no classification`, `one of ${known.join(', ')}`)];
  }
  if (known.includes(classification)) return [];
  const near = nearestWord(classification, known);
  const hint = near === undefined ? 'list it under `classifications` at the top of the file' : `did you mean ${near}?`;
  return [document.defect([...path, 'classification'], `"${classification}" is not a classification`, hint)];
}

/** Patterns of the conduits of a zone that an earlier pattern leaves nothing. */
function checkReach(document: ConfigDocument, { conduits }: PolicyDocument, zone: string): Defect[] {
  const placed = conduits.flatMap(({ from, flows }, index) =>
    from === zone ? flows.flatMap((flow, at) => patternsOf(flow, ['conduits', index, 'flows', at])) : [],
  );
  return placed.flatMap((later, index) => {
    const earlier = placed.slice(0, index).find((candidate) => takesAll(candidate, later));
    if (!earlier) return [];
    const message = `"${later.pattern.text}" never fits: the flow ${earlier.flow} takes all of it before`;
    return [document.defect(later.path, message, `put the narrower pattern first; ${otherAt(document, earlier.path)}`)];
  });
}

function takesAll(earlier: PlacedPattern, later: PlacedPattern): boolean {
  const sameLane = earlier.lane === undefined || earlier.lane === later.lane;
  return sameLane && earlier.subject === later.subject && earlier.pattern.covers(later.pattern);
}

function patternsOf(flow: FlowEntry, path: DataPath): PlacedPattern[] {
  const { name, lane } = flow;
  return SUBJECTS.flatMap((subject) =>
    (flow[subject] ?? []).map((text, index) => ({
      ...{ subject, lane, flow: name },
      pattern: new TagPattern(text),
      path: [...path, subject, index],
    })),
  );
}
