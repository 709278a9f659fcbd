/** The sign beside a value that is not good: a shape of its own for each severity, never colour alone. */

import { severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import { statusMeaning } from './statusMeaning.ts';

export function QualityMark({ status }: { readonly status: number }) {
  const severity = severityOf(status);
  if (severity === 'good') return <span className="quality" />;
  return (
    <span className={`quality ${severity}`} title={`${statusName(status)}: ${statusMeaning(status)}`}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        {severity === 'bad' ? (
          <>
            <rect x="1" y="1" width="12" height="12" rx="2" fill="currentColor" />
            <path d="m4.5 4.5 5 5m0-5-5 5" stroke="var(--panel)" strokeWidth="1.8" strokeLinecap="round" />
          </>
        ) : (
          <>
            <path d="M7 .8 13.2 7 7 13.2.8 7Z" fill="none" stroke="currentColor" strokeWidth="1.4" />
            <path d="M7 4v3.6M7 9.4v.6" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
          </>
        )}
      </svg>
      <span className="visually-hidden">{severity}</span>
    </span>
  );
}
