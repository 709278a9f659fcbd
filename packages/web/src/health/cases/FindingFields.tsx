/** What the person at site found: whether it was so, what it was, when, and photos of it. */

import type { HealthWatchDetail } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import type { RefObject } from 'react';
import { Check } from '../Check.tsx';
import { Field } from '../Field.tsx';
import type { CaseForm, Outcome } from './caseOrder.ts';
import { OUTCOME_WORDS } from './caseWords.ts';
import { PhotoPick } from './PhotoPick.tsx';

const OUTCOMES: readonly (readonly [Outcome, string])[] = [
  ['confirmed', 'it was as the case says'],
  ['other-cause', 'something else was wrong'],
  ['nothing-found', 'nothing was wrong'],
];

interface FindingFieldsProps {
  readonly form: CaseForm;
  readonly failures: HealthWatchDetail['failures'];
  readonly photos: readonly File[];
  readonly first: RefObject<HTMLElement | null>;
  /** Nobody has looked later than now. */
  readonly latest: string;
  readonly onChange: (part: Partial<CaseForm>) => void;
  readonly onPhotos: (photos: readonly File[]) => void;
}

export function FindingFields({ form, failures, photos, first, latest, onChange, onPhotos }: FindingFieldsProps) {
  const isFault = form.outcome !== 'nothing-found';
  return (
    <>
      <fieldset className="outcomes">
        <legend>What was found</legend>
        {OUTCOMES.map(([outcome, meaning], place) => (
          <label key={outcome} className="inline">
            <input
              type="radio"
              name="outcome"
              ref={place === 0 ? (first as RefObject<HTMLInputElement | null>) : undefined}
              checked={form.outcome === outcome}
              onChange={() => onChange({ outcome })}
            />
            <span>
              {OUTCOME_WORDS[outcome]} <span className="label-note">{meaning}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {isFault && (
        <Field name="What it was">
          <input
            list="failures"
            maxLength={500}
            value={form.failure}
            onChange={(event) => onChange({ failure: event.target.value })}
          />
          <datalist id="failures">
            {failures.map(({ name, says }) => (
              <option key={name} value={name}>
                {says}
              </option>
            ))}
          </datalist>
          <span className="label-note">a failure of the list, or words of your own</span>
        </Field>
      )}
      <div className="dialog-pair">
        <Field name="Looked at">
          <input
            type="datetime-local"
            max={latest}
            value={form.at}
            onChange={(event) => onChange({ at: event.target.value })}
          />
          <span className="label-note">now, where it is empty</span>
        </Field>
        {isFault && (
          <Field name="Failed already">
            <input
              type="datetime-local"
              max={latest}
              value={form.failedAt}
              onChange={(event) => onChange({ failedAt: event.target.value })}
            />
            <span className="label-note">empty where it had not failed</span>
          </Field>
        )}
      </div>
      <PhotoPick photos={photos} onChange={onPhotos} />
      {isFault && (
        <Check checked={form.repaired} onChange={(repaired) => onChange({ repaired })}>
          It was put right: what is normal is learned anew from then on
        </Check>
      )}
      <Check checked={form.andClose} onChange={(andClose) => onChange({ andClose })}>
        Close the case as well
      </Check>
    </>
  );
}
