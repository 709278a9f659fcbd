/** A dialog over the page: it takes the focus, and gives it back to where it was opened from. */

import { type RefObject, useLayoutEffect, useRef } from 'react';

interface Modal {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** What is asked for first. */
  readonly first: RefObject<HTMLElement | null>;
}

export function useModal(): Modal {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    first.current?.focus();
    // Only a dialog that is closed while it is still there gives the focus back.
    return () => element?.close();
  }, []);
  return { dialog, first };
}
