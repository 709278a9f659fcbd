/** The ledger of each lane, each line with its number and its share. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { formatCount } from '../reading/number.ts';
import { type AccountLine, accountLines, formatPart } from './accountLines.ts';
import { accountOf, type StreamAccount, sumOf } from './streamAccount.ts';
import { streamKey } from './streamFlow.ts';
import { VerdictMark } from './VerdictMark.tsx';

export function AccountCards({ streams }: { readonly streams: readonly BoundaryStream[] }) {
  const total = sumOf(streams.map(accountOf));
  return (
    <ul className="cards accounts" aria-label="Accounts">
      {streams.map((stream) => (
        <li key={streamKey(stream)} className="card">
          <Account name={stream.lane} note={`of ${stream.gateway}`} account={accountOf(stream)} />
        </li>
      ))}
      {streams.length > 1 && (
        <li className="card">
          <Account name="all lanes" note="together" account={total} />
        </li>
      )}
    </ul>
  );
}

interface AccountProps {
  readonly name: string;
  readonly note: string;
  readonly account: StreamAccount;
}

function Account({ name, note, account }: AccountProps) {
  return (
    <>
      <h3>
        {name} <span className="card-note">{note}</span>
        <span className="spring" />
        <VerdictMark state={account.balanced ? 'well' : 'attention'}>
          {account.balanced ? 'balances' : unexplainedText(account)}
        </VerdictMark>
      </h3>
      <table>
        <caption className="visually-hidden">
          Ledger, {name} {note}: samples and their shares
        </caption>
        <tbody>
          {accountLines(account).map((line) => (
            <Line key={line.name} {...line} />
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Where the server finds nothing amiss it is the gateway's own sum that does not come out. */
function unexplainedText({ unexplained }: StreamAccount): string {
  return unexplained === 0 ? 'does not add up' : `${formatCount(unexplained)} unexplained`;
}

function Line({ name, hint, count, share, kind, alarming }: AccountLine) {
  return (
    <tr className={kind}>
      <th scope="row" title={hint}>
        {name}
      </th>
      <td className={`number${alarming ? ' abnormal' : ''}`}>{formatCount(count)}</td>
      <td className="share">
        <span className="share-bar" aria-hidden="true">
          <span style={{ inlineSize: `${share * 100}%` }} />
        </span>
        <span className="share-text number">{formatPart(count, share)}</span>
      </td>
    </tr>
  );
}
