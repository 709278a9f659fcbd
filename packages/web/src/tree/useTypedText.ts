/** What is being typed to find a row of a tree. */

import { type KeyboardEvent, useRef } from 'react';

const TYPE_AHEAD_MS = 700;

/** What has been typed up to a key, without a pause: the beginning of the name that is looked for. */
export function useTypedText() {
  const typed = useRef({ text: '', atMs: 0 });
  return ({ key, timeStamp }: KeyboardEvent): string => {
    const fresh = timeStamp - typed.current.atMs > TYPE_AHEAD_MS;
    typed.current = { text: (fresh ? '' : typed.current.text) + key, atMs: timeStamp };
    return typed.current.text;
  };
}
