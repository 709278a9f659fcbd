/** The ledger: where every sample is that a gateway has read. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { formatCount } from '../reading/number.ts';
import { accountOf, type StreamAccount, sumOf } from './streamAccount.ts';
import { streamKey } from './streamFlow.ts';

/** A count that should be 0 is marked where it is not. */
const COLUMNS: readonly {
  readonly name: string;
  readonly count: (account: StreamAccount) => number;
  readonly hint: string;
  readonly alarming?: true;
  /** Left out of the table while all of them are 0. */
  readonly rare?: true;
}[] = [
  { name: 'Read', count: (one) => one.read, hint: 'Decoded from answers of devices, or made where none came' },
  { name: 'Suppressed', count: (one) => one.suppressed, hint: 'Left out because nothing had changed' },
  {
    name: 'Compressed',
    count: (one) => one.compressed,
    hint: 'Left out because they lie on the line between two that are kept',
    rare: true,
  },
  {
    name: 'Refused',
    count: (one) => one.refused,
    hint: 'Not taken: policy, or a spool that could not be written',
    alarming: true,
  },
  {
    name: 'Forbidden',
    count: (one) => one.forbidden,
    hint: 'Of the refused, those that policy does not let cross',
    rare: true,
  },
  {
    name: 'Accepted',
    count: (one) => one.accepted,
    hint: 'Taken into blocks: read, less what was left out or refused',
  },
  {
    name: 'Elsewhere',
    count: (one) => one.baseline,
    hint: 'Accepted before the first block that this server got: delivered to another one',
    rare: true,
  },
  { name: 'Stored', count: (one) => one.stored, hint: 'Held durably by the server' },
  {
    name: 'Undeclared',
    count: (one) => one.undeclared,
    hint: 'Came and were left out: the policy of the server does not declare their tags',
    alarming: true,
    rare: true,
  },
  {
    name: 'Lost',
    count: (one) => one.lost,
    hint: 'Known never to arrive: expired or damaged in the spool, or lost on a diode',
    alarming: true,
  },
  { name: 'In flight', count: (one) => one.inFlight, hint: 'Waiting at the gateway, or on the way' },
];

export function LedgerTable({ streams }: { readonly streams: readonly BoundaryStream[] }) {
  const accounts = streams.map(accountOf);
  const total = sumOf(accounts);
  const columns = COLUMNS.filter((column) => !column.rare || accounts.some((account) => column.count(account) !== 0));
  const severalGateways = new Set(streams.map(({ gateway }) => gateway)).size > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="ledger" aria-label="Ledger" tabIndex={0}>
      <table>
        <caption className="visually-hidden">
          Samples since the ledger began. Read is suppressed, compressed, refused and accepted together; accepted is
          stored, undeclared, lost and in flight together.
        </caption>
        <thead>
          <tr>
            <th scope="col">Ledger</th>
            {columns.map(({ name, hint }) => (
              <th key={name} scope="col" className="number" title={hint}>
                {name}
              </th>
            ))}
            <th scope="col">Balance</th>
          </tr>
        </thead>
        <tbody>
          {streams.map((stream, place) => (
            <LedgerRow
              key={streamKey(stream)}
              name={severalGateways ? `${stream.gateway} ${stream.lane}` : stream.lane}
              account={accounts[place]}
              columns={columns}
            />
          ))}
        </tbody>
        <tfoot>
          <LedgerRow name="All lanes" account={total} columns={columns} />
        </tfoot>
      </table>
    </section>
  );
}

interface LedgerRowProps {
  readonly name: string;
  readonly account: StreamAccount;
  readonly columns: typeof COLUMNS;
}

function LedgerRow({ name, account, columns }: LedgerRowProps) {
  return (
    <tr data-balanced={account.balanced}>
      <th scope="row">{name}</th>
      {columns.map((column) => {
        const count = column.count(account);
        return (
          <td key={column.name} className={`number${column.alarming && count > 0 ? ' abnormal' : ''}`}>
            {formatCount(count)}
          </td>
        );
      })}
      <td>
        <Balance account={account} />
      </td>
    </tr>
  );
}

function Balance({ account }: { readonly account: StreamAccount }) {
  return account.balanced ? (
    <span className="balance">
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="m2 6.5 2.8 2.8L10 3.5" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
      </svg>
      balanced
    </span>
  ) : (
    <span className="balance abnormal">
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        <path d="M6 1 11.5 11H.5Z" fill="currentColor" />
      </svg>
      {formatCount(Math.abs(account.unexplained))} unexplained
    </span>
  );
}
