/** What would be if: inputs and parameters of a twin are changed in a sealed copy, and held against what happened. */

import { useMutation } from '@tanstack/react-query';
import type { Twin } from '@tidegate/platform/northbound/contract/twin.ts';
import { type FormEvent, useState } from 'react';
import { runWhatIf } from '../server/twinApi.ts';
import { WhatIfResult } from './WhatIfResult.tsx';
import { CHANGE_KINDS, type ChangeKind, orderOf, startsOf, type WhatIfForm, type WhatIfLine } from './whatIfForm.ts';

const newLine = (id: number): WhatIfLine => ({ id, name: '', kind: 'set', amount: '' });

interface WhatIfPartProps {
  readonly twin: Twin;
  /** The moment that is shown; `undefined` for now. */
  readonly at: string | undefined;
}

export function WhatIfPart({ twin, at }: WhatIfPartProps) {
  const starts = startsOf(at);
  const [form, setForm] = useState<WhatIfForm>({ ...starts[0], lines: [newLine(0)] });
  const [problem, setProblem] = useState<string>();
  const { mutate, data, error, isPending } = useMutation({ mutationFn: runWhatIf });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const ordering = orderOf(twin.path, form);
    setProblem(ordering.ok ? undefined : ordering.problem);
    if (ordering.ok) mutate(ordering.order);
  };
  const setLine = (line: WhatIfLine) =>
    setForm({ ...form, lines: form.lines.map((each) => (each.id === line.id ? line : each)) });
  const said = problem ?? error?.message;
  return (
    <details className="what-if">
      <summary>What if</summary>
      <form onSubmit={submit}>
        <p className="form-row">
          <label className="inline">
            Run
            <select
              value={starts.findIndex(({ from }) => from === form.from)}
              onChange={({ target }) => {
                const { from, length } = starts[Number(target.value)];
                setForm({ ...form, from, length });
              }}
            >
              {starts.map(({ label }, place) => (
                <option key={label} value={place}>
                  {label}
                </option>
              ))}
            </select>
          </label>
          in a sealed copy: nothing of the live side sees it.
        </p>
        {form.lines.map((line) => (
          <ChangeLine
            key={line.id}
            line={line}
            twin={twin}
            onChange={setLine}
            onRemove={() => setForm({ ...form, lines: form.lines.filter(({ id }) => id !== line.id) })}
          />
        ))}
        <p className="form-row">
          <button
            type="button"
            onClick={() => setForm({ ...form, lines: [...form.lines, newLine(1 + (form.lines.at(-1)?.id ?? 0))] })}
          >
            Another change
          </button>
          <button type="submit" className="primary" disabled={isPending}>
            {isPending ? 'Running…' : 'Run'}
          </button>
          <span className="abnormal" role="status">
            {said}
          </span>
        </p>
      </form>
      {data && <WhatIfResult run={data} />}
    </details>
  );
}

interface ChangeLineProps {
  readonly line: WhatIfLine;
  readonly twin: Twin;
  readonly onChange: (line: WhatIfLine) => void;
  readonly onRemove: () => void;
}

function ChangeLine({ line, twin, onChange, onRemove }: ChangeLineProps) {
  const { name, kind, amount } = line;
  const attributes = twin.attributes.filter(({ role, value }) => role === 'attribute' && typeof value !== 'string');
  const isParameter = kind === 'parameter';
  const named = isParameter ? twin.parameters : attributes;
  const unit = named.find((each) => each.name === name)?.unit ?? '';
  return (
    <p className="form-row">
      <select
        aria-label="What is changed"
        value={name === '' ? '' : `${isParameter ? 'parameter' : 'attribute'}:${name}`}
        onChange={({ target }) => {
          const cut = target.value.indexOf(':');
          const toParameter = target.value.startsWith('parameter');
          const next: ChangeKind = toParameter ? 'parameter' : isParameter ? 'set' : kind;
          onChange({ ...line, name: target.value.slice(cut + 1), kind: next });
        }}
      >
        <option value="">choose…</option>
        <optgroup label="Inputs">
          {attributes.map((attribute) => (
            <option key={attribute.name} value={`attribute:${attribute.name}`}>
              {attribute.name}
            </option>
          ))}
        </optgroup>
        <optgroup label="Parameters">
          {twin.parameters.map((parameter) => (
            <option key={parameter.name} value={`parameter:${parameter.name}`}>
              {parameter.name}
            </option>
          ))}
        </optgroup>
      </select>
      {isParameter ? (
        'is'
      ) : (
        <select
          aria-label="How it is changed"
          value={kind}
          onChange={({ target }) => onChange({ ...line, kind: target.value as ChangeKind })}
        >
          {CHANGE_KINDS.filter((each) => each.kind !== 'parameter').map((each) => (
            <option key={each.kind} value={each.kind}>
              {each.label}
            </option>
          ))}
        </select>
      )}
      <input
        inputMode="decimal"
        size={9}
        aria-label="To what"
        value={amount}
        onChange={({ target }) => onChange({ ...line, amount: target.value })}
      />
      <span className="quiet-note">{kind === 'scale' ? 'what it was' : unit}</span>
      <button type="button" className="plain" onClick={onRemove} aria-label="Leave this change out">
        {'\u00d7'}
      </button>
    </p>
  );
}
