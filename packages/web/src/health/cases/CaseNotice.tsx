/** What became of the last operation on a case, with the way to take it back. */

import type { CaseOperations } from './useCaseOperations.ts';

export function CaseNotice({ operations }: { readonly operations: CaseOperations }) {
  const { outcome, fault, asking, undo, forgetOutcome, isBusy } = operations;
  // While the dialog is open it says itself what is wrong.
  const told = outcome?.text ?? (asking ? undefined : fault);
  const number = outcome?.undo;
  return (
    <div className="alarm-outcome" role="status">
      {told && (
        <p>
          {told}{' '}
          {number !== undefined && (
            <button type="button" disabled={isBusy} onClick={() => undo(number)}>
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
