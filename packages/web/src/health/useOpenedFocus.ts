/** The focus of whoever opens and closes without a pointer: into what takes the place of the list, and back to the link it came from. */

import { type RefObject, useLayoutEffect, useRef } from 'react';

interface OpenedFocus {
  readonly list: RefObject<HTMLElement | null>;
  readonly opened: RefObject<HTMLElement | null>;
}

/** `linkId`: id of the link in the list that has been followed; `undefined` while nothing is open. */
export function useOpenedFocus(linkId: string | undefined): OpenedFocus {
  const list = useRef<HTMLElement>(null);
  const opened = useRef<HTMLElement>(null);
  const before = useRef(linkId);
  useLayoutEffect(() => {
    const left = before.current;
    before.current = linkId;
    if (linkId === left) return;
    if (linkId !== undefined) {
      // Beside a list that stays, the focus stays with it.
      if (!isShown(list.current)) opened.current?.focus();
    } else if (!isShown(document.activeElement) || opened.current?.contains(document.activeElement)) {
      (document.getElementById(left ?? '') ?? list.current)?.focus();
    }
  }, [linkId]);
  return { list, opened };
}

/** The body has the focus where nothing else has it. */
function isShown(element: Element | null): boolean {
  return element !== null && element !== document.body && element.checkVisibility();
}
