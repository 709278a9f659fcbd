/** The five sentences at the head of the page. */

import { VerdictMark } from './VerdictMark.tsx';
import type { Verdict } from './verdicts.ts';

const WORDS: Readonly<Record<Verdict['state'], string>> = {
  well: 'well',
  attention: 'needs attention',
  unknown: 'not known',
};

export function VerdictList({ verdicts }: { readonly verdicts: readonly Verdict[] }) {
  return (
    <ul className="verdicts" aria-label="How the boundary is">
      {verdicts.map(({ subject, state, sentence }) => (
        <li key={subject}>
          <VerdictMark state={state}>
            <span className="verdict-subject">{subject}</span>
          </VerdictMark>
          <span className="visually-hidden">{WORDS[state]}: </span>
          <span className="verdict-sentence">{sentence}</span>
        </li>
      ))}
    </ul>
  );
}
