/** One thing that is asked for in a dialog, with its name. */

import type { ReactNode } from 'react';

export function Field({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label>
      {name}
      {children}
    </label>
  );
}
