/** The attributes of an asset: value, status, age, and where each comes from; one of them drawn over the last hour. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { Asset, AssetAttribute } from '@tidegate/platform/northbound/contract/asset.ts';
import { useState } from 'react';
import type { LatestSample } from '../live/latestValues.ts';
import { QualityMark } from '../quality/QualityMark.tsx';
import { formatGiven } from '../reading/number.ts';
import { NO_VALUE, readValue } from '../reading/readValue.ts';
import { formatMoment, formatSpan } from '../reading/span.ts';
import { formatUnit } from '../reading/unit.ts';
import { AttributePlot } from './AttributePlot.tsx';
import { AttributeSourceText } from './AttributeSourceText.tsx';
import type { LiveReadings } from './liveAttributes.ts';

interface AttributeTableProps {
  readonly asset: Asset;
  readonly readings: LiveReadings;
  readonly nowMs: number;
  readonly linkTo: (path: string) => string;
}

export function AttributeTable({ asset, readings, nowMs, linkTo }: AttributeTableProps) {
  const [drawn, setDrawn] = useState<string>();
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table stacking" aria-label="List of attributes" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Attribute</th>
              <th scope="col" className="number">
                Value
              </th>
              <th scope="col">Unit</th>
              <th scope="col">Age</th>
              <th scope="col">Range</th>
              <th scope="col">Source</th>
              <th scope="col">
                <span className="visually-hidden">Plot</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {asset.attributes.map((attribute) => (
              <AttributeRow
                key={attribute.name}
                asset={asset.path}
                attribute={attribute}
                reading={readings.get(attribute.path)}
                nowMs={nowMs}
                linkTo={linkTo}
                isDrawn={drawn === attribute.name}
                onDraw={() => setDrawn(drawn === attribute.name ? undefined : attribute.name)}
              />
            ))}
          </tbody>
        </table>
      </section>
      {drawn !== undefined && <AttributePlot key={drawn} asset={asset} attribute={drawn} endMs={nowMs} />}
    </>
  );
}

interface AttributeRowProps {
  /** Path of the asset. */
  readonly asset: string;
  readonly attribute: AssetAttribute;
  readonly reading: LatestSample | undefined;
  readonly nowMs: number;
  readonly linkTo: (path: string) => string;
  readonly isDrawn: boolean;
  readonly onDraw: () => void;
}

function AttributeRow({ asset, attribute, reading, nowMs, linkTo, isDrawn, onDraw }: AttributeRowProps) {
  const { name, description, type, unit, source } = attribute;
  const shown = reading ?? fixedReading(attribute);
  return (
    <tr>
      <th scope="row" title={description}>
        {name}
        {description && <span className="card-note below attribute-note">{description}</span>}
      </th>
      <td className="number attribute-value" data-name="Value">
        <span>
          {shown && <QualityMark status={shown.status} />}{' '}
          {readValue(shown?.value, { type, stepped: type !== 'number' })}
        </span>
      </td>
      <td data-name="Unit">{formatUnit(unit)}</td>
      <td data-name="Age">{ageText(source.kind, shown, nowMs)}</td>
      <td data-name="Range">{rangeText(attribute)}</td>
      <td className="patterns" data-name="Source">
        <AttributeSourceText attribute={attribute} asset={asset} linkTo={linkTo} />
      </td>
      <td>
        {type !== 'string' && source.kind !== 'unbound' && source.kind !== 'constant' && (
          <button type="button" aria-pressed={isDrawn} onClick={onDraw}>
            Plot<span className="visually-hidden"> {name}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

/** What is fixed by the model has a value also where nothing is live. */
function fixedReading({ source }: AssetAttribute): LatestSample | undefined {
  if (source.kind === 'unbound') return { time: 0, value: null, status: STATUS.BadConfigurationError };
  return source.kind === 'constant' ? { time: 0, value: source.value ?? null, status: STATUS.Good } : undefined;
}

function ageText(kind: AssetAttribute['source']['kind'], reading: LatestSample | undefined, nowMs: number) {
  if (kind === 'constant') return 'constant';
  if (!reading || !(reading.time > 0)) return NO_VALUE;
  const timeMs = reading.time / 1_000;
  return <span title={formatMoment(timeMs)}>{formatSpan(nowMs - timeMs)}</span>;
}

function rangeText({ low, high }: AssetAttribute): string {
  if (low === null && high === null) return '';
  return `${low === null ? '' : formatGiven(low)} \u2026 ${high === null ? '' : formatGiven(high)}`;
}
