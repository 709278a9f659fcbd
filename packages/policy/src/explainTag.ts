/** Why a tag crosses, or does not, and what one would write so that it does. */

import { type Lane, PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import { type ConduitPolicy, crossingOf, type Decision, type Flow, isOfLane } from './conduitPolicy.ts';

/** What of one flow speaks for or against a tag. */
export interface FlowVerdict {
  readonly flow: string;
  readonly fits: boolean;
  /** One clause. */
  readonly why: string;
}

export interface Explanation extends Decision {
  /** Every flow of the gateway in its order, up to the one that fits. */
  readonly verdicts: readonly FlowVerdict[];
  /** YAML of a flow that would let it cross, and the conduit it would be of; `undefined` where none could, or it crosses. */
  readonly suggestion: { readonly conduit: string; readonly yaml: string } | undefined;
}

/** `lane` is that of the tag, or `audit`. */
export function explainTag(policy: ConduitPolicy, gateway: string, path: string, lane: Lane): Explanation {
  const decision = policy.decide(gateway, path, lane);
  const { subject, text } = crossingOf(gateway, path);
  const flows = policy.flowsOf(gateway);
  const asked = decision.flow ? flows.slice(0, flows.indexOf(decision.flow) + 1) : flows;
  const verdicts = asked.map((flow) => verdictOf(flow, subject, text, lane));
  const conduit = policy.conduitsOf(gateway).at(0);
  const canBe = !decision.allowed && conduit !== undefined && subject !== 'ledger' && subject !== 'unknown';
  const suggestion = canBe ? { conduit: conduit.name, yaml: suggestedFlow(subject, text, lane) } : undefined;
  return { ...decision, verdicts, suggestion };
}

function verdictOf(flow: Flow, wanted: string, text: string, of: Lane): FlowVerdict {
  const { name, subject, patterns, lane } = flow;
  if (subject !== wanted) return { flow: name, fits: false, why: `is about ${subject}` };
  const pattern = patterns.find((candidate) => candidate.matches(text));
  if (!pattern) return { flow: name, fits: false, why: `has no pattern that fits ${text}` };
  if (!isOfLane(flow, of)) {
    return { flow: name, fits: false, why: `is of the lane ${lane ?? PLANT_LANES.join(' or ')}, not ${of}` };
  }
  return { flow: name, fits: true, why: `fits by ${pattern.text}` };
}

function suggestedFlow(subject: string, text: string, lane: string): string {
  const lines = [
    `- name: ${text.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(-63)}`,
    `  ${subject}: [${JSON.stringify(text)}]`,
    ...(PLANT_LANES.some((known) => known === lane) ? [`  lane: ${lane}`] : []),
    '  purpose: say what it is needed for',
  ];
  return lines.join('\n');
}
