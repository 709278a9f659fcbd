/** What is shown, in step with the address. */

import { useCallback, useEffect, useState } from 'react';
import { type Choice, formatChoice, parseChoice } from './choice.ts';

/** The choice, and the way to change a part of it. Links of the console, and the buttons of the browser, change it as well. */
export function useChoice(): readonly [Choice, (change: Partial<Choice>) => void] {
  const [choice, setChoice] = useState(() => parseChoice(location.hash));
  useEffect(() => {
    const read = () => setChoice(parseChoice(location.hash));
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
  useEffect(() => history.replaceState(null, '', formatChoice(choice)), [choice]);
  const change = useCallback((part: Partial<Choice>) => setChoice((before) => ({ ...before, ...part })), []);
  return [choice, change];
}
