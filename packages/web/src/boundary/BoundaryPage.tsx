/** The page of the boundary, for those who must prove it and those who need what crosses it. */

import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import type { Policy } from '@tidegate/platform/northbound/contract/policy.ts';
import type { ReactNode } from 'react';
import { useBoundary, useLink, useLive } from '../live/useLive.ts';
import { formatSpan } from '../reading/span.ts';
import { AccountCards } from './AccountCards.tsx';
import { BoundaryPicture } from './BoundaryPicture.tsx';
import { CertificateList } from './CertificateList.tsx';
import { FlowTable } from './FlowTable.tsx';
import { LaneCards } from './LaneCards.tsx';
import { LatencyTable } from './LatencyTable.tsx';
import { LateTags } from './LateTags.tsx';
import { type MinuteRow, minuteRows } from './ledgerMinutes.ts';
import { MinuteStrip } from './MinuteStrip.tsx';
import { MissingTable } from './MissingTable.tsx';
import { RefusedTable } from './RefusedTable.tsx';
import { accountOf, sumOf } from './streamAccount.ts';
import { useCertificates, useLatency, useLedgerMinutes, usePolicy } from './useBoundaryFacts.ts';
import { VerdictList } from './VerdictList.tsx';
import { VerdictMark } from './VerdictMark.tsx';
import { verdictsOf } from './verdicts.ts';

/** Drawn again once a second, as often as the server speaks of the boundary. */
export function BoundaryPage({ nowMs }: { readonly nowMs: number }) {
  const boundary = useBoundary();
  const stale = useLink().kind === 'lost';
  return (
    <main className={`wide boundary-page${stale ? ' stale' : ''}`}>
      {boundary === undefined || boundary.streams.length === 0 ? (
        <Panel name="Boundary">
          <p className="notice">
            {boundary === undefined
              ? 'Waiting for the server to say how the boundary is…'
              : 'No gateway has connected yet. Start one with `tidegate gateway --config gateway.yaml` in the OT zone, ' +
                'with the address and the certificates of this server in its `boundary`; it appears here when it does.'}
          </p>
        </Panel>
      ) : (
        <Facts boundary={boundary} nowMs={nowMs} stale={stale} />
      )}
    </main>
  );
}

interface FactsProps {
  readonly boundary: Boundary;
  readonly nowMs: number;
  readonly stale: boolean;
}

function Facts({ boundary, nowMs, stale }: FactsProps) {
  const live = useLive();
  const policy = usePolicy();
  const latency = useLatency();
  const minutes = useLedgerMinutes();
  const certificates = useCertificates();
  const { streams } = boundary;
  const rows = minutes.data && minuteRows(minutes.data.minutes, nowMs);
  const verdicts = verdictsOf({ boundary, minutes: rows, policy: policy.data, latency: latency.data }, nowMs);
  return (
    <>
      <Panel
        name="Boundary"
        note={stale ? `as it was ${formatSpan(nowMs - boundary.at / 1_000)} ago` : 'values go from OT to IT only'}
      >
        <VerdictList verdicts={verdicts} />
        <BoundaryPicture boundary={boundary} rates={live.rates} nowMs={nowMs} />
        {certificates.data && <CertificateList certificates={certificates.data} />}
        <LaneCards streams={streams} nowMs={nowMs} />
        <LatencyTable latency={latency.data} />
      </Panel>
      <Panel name="Ledger" note="every sample since it began: read = left out + refused + accepted">
        <AccountCards streams={streams} />
        <MissingTable streams={streams} nowMs={nowMs} />
      </Panel>
      <Panel name="Proof" note="what the gateways signed, minute by minute, against what the server holds">
        <Proof rows={rows} fault={minutes.failureReason?.message} nowMs={nowMs} />
      </Panel>
      <Panel name="Flows" note="declared against observed">
        <Flows
          policy={policy.data}
          fault={policy.failureReason?.message}
          forbidden={sumOf(streams.map(accountOf)).forbidden}
          nowMs={nowMs}
        />
      </Panel>
      <Panel name="Late tags" note="later than promised in the last minute or two">
        <LateTags latency={latency.data} />
      </Panel>
    </>
  );
}

interface PanelProps {
  readonly name: string;
  readonly note?: string;
  readonly children: ReactNode;
}

function Panel({ name, note, children }: PanelProps) {
  return (
    <section className="panel" aria-label={name}>
      <div className="panel-head">
        <h2>{name}</h2>
        {note && <span className="panel-note">{note}</span>}
      </div>
      {children}
    </section>
  );
}

function Loading({ what, fault }: { readonly what: string; readonly fault: string | undefined }) {
  return fault ? (
    <p className="notice" role="alert">
      {what} could not be loaded. {fault} Trying again by itself.
    </p>
  ) : (
    <p className="notice">{what} will be here in a moment…</p>
  );
}

interface ProofProps {
  readonly rows: readonly MinuteRow[] | undefined;
  readonly fault: string | undefined;
  readonly nowMs: number;
}

function Proof({ rows, fault, nowMs }: ProofProps) {
  if (rows === undefined) return <Loading what="The proofs" fault={fault} />;
  if (rows.length === 0) {
    return (
      <p className="notice">
        No gateway has signed a checkpoint in the last hour. Each signs once a minute, with the key of its certificate:
        see whether its audit lane is connected.
      </p>
    );
  }
  return <MinuteStrip rows={rows} nowMs={nowMs} />;
}

interface FlowsProps {
  readonly policy: Policy | undefined;
  readonly fault: string | undefined;
  readonly forbidden: number;
  readonly nowMs: number;
}

function Flows({ policy, fault, forbidden, nowMs }: FlowsProps) {
  if (policy === undefined) return <Loading what="The policy" fault={fault} />;
  if (policy.digest === null) {
    return (
      <>
        <p className="notice">
          This server has no conduit policy: it takes whatever a gateway sends. Write one, name it under `policy` in
          server.yaml and in each gateway.yaml, and check it with `tidegate policy check`.
        </p>
        {policy.refused.length > 0 && <RefusedTable policy={policy} forbidden={forbidden} nowMs={nowMs} />}
      </>
    );
  }
  return (
    <>
      <Digests policy={policy} digest={policy.digest} />
      <FlowTable flows={policy.flows} nowMs={nowMs} />
      <RefusedTable policy={policy} forbidden={forbidden} nowMs={nowMs} />
    </>
  );
}

/** So much of a digest tells two policies apart for a person. */
const DIGEST_DIGITS = 12;

function Digests({ policy, digest }: { readonly policy: Policy; readonly digest: string }) {
  return (
    <ul className="digests" aria-label="Policies of the two ends">
      <li title={digest}>
        server <code>{digest.slice(0, DIGEST_DIGITS)}</code>
      </li>
      {policy.gateways.map(({ gateway, digest: theirs, same }) => (
        <li key={gateway} title={theirs ?? undefined}>
          {gateway} <code>{theirs?.slice(0, DIGEST_DIGITS) ?? 'none'}</code>{' '}
          <VerdictMark state={same ? 'well' : 'attention'}>{same ? 'the same' : 'another policy'}</VerdictMark>
        </li>
      ))}
    </ul>
  );
}
