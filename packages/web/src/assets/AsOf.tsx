/** The moment as of which an asset is shown: now, or one that is chosen. */

interface AsOfProps {
  /** As the interface understands it; `undefined` for now. */
  readonly at: string | undefined;
  readonly onChange: (at: string | undefined) => void;
}

const pad = (value: number) => String(value).padStart(2, '0');

/** `2026-01-31T14:03`, local time, as the field of the browser wants it; empty for what is no such moment. */
export function localMoment(at: string | undefined): string {
  const date = new Date(at ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return '';
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function AsOf({ at, onChange }: AsOfProps) {
  return (
    <span className="as-of form-row">
      <label className="inline">
        as of
        <input
          type="datetime-local"
          aria-label="As of which moment; empty for now"
          value={localMoment(at)}
          onChange={({ target }) => onChange(target.value === '' ? undefined : new Date(target.value).toISOString())}
        />
      </label>
      {at === undefined ? (
        <span className="panel-note">now</span>
      ) : (
        <button type="button" onClick={() => onChange(undefined)}>
          Now
        </button>
      )}
    </span>
  );
}
