/** Letters begin an operation with the case that is shown, anywhere on the page where nothing is being written. */

import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { useEffect } from 'react';
import { CASE_KEYS, operationsOf } from './caseOrder.ts';
import type { CaseOperations } from './useCaseOperations.ts';

interface CaseKeyContext {
  readonly nowMs: number;
  readonly operations: CaseOperations;
  readonly onClose: () => void;
}

export function useCaseKeys(of: HealthCase | undefined, { nowMs, operations, onClose }: CaseKeyContext): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, ctrlKey, metaKey, altKey } = event;
      const isWriting = target instanceof HTMLElement && target.matches('input, textarea, select');
      // The keys belong to a dialog where one is open.
      if (isWriting || ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return;
      const key = event.key.toLowerCase();
      const operation = CASE_KEYS[key];
      if (key === 'escape') onClose();
      else if (of && key === 'p') print();
      else if (of && operation && operationsOf(of, nowMs * 1_000).includes(operation)) operations.ask(operation, of);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
}
