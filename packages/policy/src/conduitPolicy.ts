/**
 * What may cross the boundary, and by which conduit. Nothing does that is not declared (IEC 62443-3-3, SR 5.2 RE 1).
 *
 * Of the conduits that begin in the zone of a gateway, in the order of the file, the first flow that fits holds. Tags of
 * the plant are declared by `tags`; what a gateway reports of itself by `devices`, `events` and `alarms`, and no pattern of
 * `tags` reaches that. The signed checkpoints of the ledger cross with every conduit: they are the proof of all the rest.
 */

import { type Lane, PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import { isSystemPath } from '@tidegate/core/sample/tag.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import { digestOf } from './policyDigest.ts';
import { type ConduitEntry, DIODE, type FlowEntry, type PolicyDocument, type ZoneEntry } from './policyDocument.ts';

/** What a flow is about. */
export type FlowSubject = 'tags' | 'devices' | 'events' | 'alarms';

export interface Flow {
  /** `conduit/flow`. */
  readonly name: string;
  readonly conduit: string;
  readonly subject: FlowSubject;
  readonly patterns: readonly TagPattern[];
  /** `undefined` where it may be in any lane in which tags of a plant can be. */
  readonly lane: Lane | undefined;
  /** Samples per second of each gateway; `undefined` where there is no limit. */
  readonly maxRate: number | undefined;
  readonly classification: string | undefined;
  readonly purpose: string;
}

export interface Decision {
  readonly allowed: boolean;
  readonly conduit: string | undefined;
  /** `undefined` where nothing fits, and for the ledger, which needs no flow. */
  readonly flow: Flow | undefined;
  /** One clause, without a full stop. */
  readonly reason: string;
}

/** What a path is about, and the text that the patterns of such flows are compared with. */
interface Crossing {
  readonly subject: FlowSubject | 'ledger' | 'unknown';
  readonly text: string;
}

const SYSTEM_FOLDERS: Readonly<Record<string, FlowSubject | 'ledger'>> = {
  _alarms: 'alarms',
  _devices: 'devices',
  _events: 'events',
  _ledger: 'ledger',
};
/** What happened, and what people did, is never in a lane of the plant. */
const AUDIT_LANE: Lane = 'audit';
const SHORT_DIGEST_DIGITS = 32;

export class ConduitPolicy {
  readonly document: PolicyDocument;
  /** SHA-256, in hexadecimal, of what the file says, whatever its comments and the order of its keys. */
  readonly digest: string;
  /** Every flow once, in the order of the file. */
  readonly flows: readonly Flow[];
  readonly #conduitsOfGateway = new Map<string, readonly ConduitEntry[]>();
  readonly #flowsOfGateway = new Map<string, readonly Flow[]>();

  /** `document` is checked, see `loadPolicy`. */
  constructor(document: PolicyDocument) {
    this.document = document;
    this.digest = digestOf(document);
    const flowsOf = new Map(document.conduits.map((conduit) => [conduit, conduit.flows.map(makeFlow(conduit))]));
    this.flows = [...flowsOf.values()].flat();
    for (const { name, gateways } of document.zones) {
      const conduits = document.conduits.filter(({ from }) => from === name);
      const flows = conduits.flatMap((conduit) => flowsOf.get(conduit)!);
      for (const gateway of Object.keys(gateways)) {
        this.#conduitsOfGateway.set(gateway, conduits);
        this.#flowsOfGateway.set(gateway, flows);
      }
    }
  }

  /** The first 16 bytes of the digest, in hexadecimal: so much of it is in a heartbeat. */
  get shortDigest(): string {
    return shortDigestOf(this.digest);
  }

  /** The gateways of all zones. */
  get gateways(): readonly string[] {
    return [...this.#flowsOfGateway.keys()];
  }

  /** The conduits that begin in the zone of a gateway. */
  conduitsOf(gateway: string): readonly ConduitEntry[] {
    return this.#conduitsOfGateway.get(gateway) ?? [];
  }

  /** The flows of the conduits that begin in the zone of a gateway, in the order in which they are asked. */
  flowsOf(gateway: string): readonly Flow[] {
    return this.#flowsOfGateway.get(gateway) ?? [];
  }

  /** The gateways whose conduits lead over a relay: it may bring their streams and no others. */
  gatewaysVia(relay: string): readonly string[] {
    return this.gateways.filter((gateway) => this.#conduitsOfGateway.get(gateway)!.some(({ via }) => via === relay));
  }

  zoneOf(host: string): ZoneEntry | undefined {
    return this.document.zones.find(({ gateways, relays, servers }) =>
      [gateways, relays, servers].some((hosts) => Object.hasOwn(hosts, host)),
    );
  }

  /** Whether the samples and the definition of the tag at `path` may cross in `lane`. */
  decide(gateway: string, path: string, lane: Lane): Decision {
    const conduits = this.#conduitsOfGateway.get(gateway);
    if (conduits === undefined) return refused(`the policy names no gateway ${gateway}`);
    if (conduits.length === 0) return refused(`no conduit begins in the zone of ${gateway}`);
    const { subject, text } = crossingOf(gateway, path);
    if (subject === 'unknown') return refused('a gateway reports on itself below its own name only, in known folders');
    if (subject === 'ledger') {
      if (lane !== AUDIT_LANE) return refused('the ledger is in the lane audit');
      const { name } = conduits[0];
      return { allowed: true, conduit: name, flow: undefined, reason: 'the ledger crosses with every conduit' };
    }
    const fitting = this.flowsOf(gateway).filter((flow) => fits(flow, subject, text));
    const flow = fitting.find((candidate) => isOfLane(candidate, lane));
    if (flow !== undefined) {
      return { allowed: true, conduit: flow.conduit, flow, reason: `the flow ${flow.name} declares it` };
    }
    const [elsewhere] = fitting;
    if (elsewhere === undefined) return refused('no flow declares it');
    const declared = elsewhere.lane ?? PLANT_LANES.join(' or ');
    return refused(`the flow ${elsewhere.name} declares it in the lane ${declared}, and it is in ${lane}`);
  }

  /** Whether an event of this kind may cross. */
  decideEvent(gateway: string, kind: string): Decision {
    return this.decide(gateway, `${gateway}/_events/${kind}`, AUDIT_LANE);
  }
}

/** `Heartbeat.policy` of a gateway whose policy has this digest. */
export function shortDigestOf(digest: string): string {
  return digest.slice(0, SHORT_DIGEST_DIGITS);
}

/** What a tag reports on: a gateway has folders for that below its name, and everything else is of the plant. */
export function crossingOf(gateway: string, path: string): Crossing {
  if (!isSystemPath(path)) return { subject: 'tags', text: path };
  const [owner, folder, ...rest] = path.split('/');
  const subject = owner === gateway && rest.length > 0 ? SYSTEM_FOLDERS[folder] : undefined;
  if (subject === undefined) return { subject: 'unknown', text: path };
  // Of a device all figures cross or none, so a flow names devices and not their figures.
  return { subject, text: subject === 'devices' ? rest[0] : rest.join('/') };
}

function fits({ subject, patterns }: Flow, wanted: FlowSubject, text: string): boolean {
  return subject === wanted && patterns.some((pattern) => pattern.matches(text));
}

export function isOfLane(flow: Pick<Flow, 'lane'>, lane: Lane): boolean {
  return flow.lane === undefined ? PLANT_LANES.some((known) => known === lane) : flow.lane === lane;
}

function makeFlow(conduit: ConduitEntry): (entry: FlowEntry) => Flow {
  return ({ name, tags, devices, events, alarms, lane, maxRate, classification, purpose }) => {
    const subject = tags ? 'tags' : devices ? 'devices' : events ? 'events' : 'alarms';
    return {
      name: `${conduit.name}/${name}`,
      conduit: conduit.name,
      subject,
      patterns: (tags ?? devices ?? events ?? alarms ?? []).map((text) => new TagPattern(text)),
      lane: subject === 'events' || subject === 'alarms' ? AUDIT_LANE : lane,
      ...{ maxRate, classification, purpose },
    };
  };
}

function refused(reason: string): Decision {
  return { allowed: false, conduit: undefined, flow: undefined, reason };
}

/** Whether the way of a conduit has no return path. */
export function isDiode({ via }: Pick<ConduitEntry, 'via'>): boolean {
  return via === DIODE;
}
