/** What became of the last operation, with the way to take it back. */

import type { Operations } from '../useOperations.ts';

const SHOWN_REFUSALS = 3;

export function OutcomeNotice({ operations }: { readonly operations: Operations }) {
  const { outcome, person, run, forgetOutcome } = operations;
  const { undo, refused = [] } = outcome ?? {};
  return (
    <div className="alarm-outcome" role="status">
      {outcome && (
        <p>
          {outcome.text} {refused.slice(0, SHOWN_REFUSALS).join(' ')}
          {refused.length > SHOWN_REFUSALS && ` And ${refused.length - SHOWN_REFUSALS} more were refused.`}{' '}
          {undo && (
            <button type="button" onClick={() => run(undo, { by: person, comment: 'undone' })}>
              Undo
            </button>
          )}{' '}
          <button type="button" className="plain" onClick={forgetOutcome}>
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
