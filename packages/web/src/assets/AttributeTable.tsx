/** The attributes of an asset: value, status, age, and where each comes from; one of them drawn over the last hour. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { Asset, AssetAttribute } from '@tidegate/platform/northbound/contract/asset.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
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
import { useTag } from './useAssets.ts';

interface AttributeTableProps {
  readonly asset: Asset;
  readonly readings: LiveReadings;
  /** Now, or the moment that is shown. */
  readonly nowMs: number;
  /** Whether that is now: only then do values have an age. */
  readonly isNow: boolean;
  readonly linkTo: (path: string) => string;
}

export function AttributeTable({ asset, readings, nowMs, isNow, linkTo }: AttributeTableProps) {
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
                nowMs={isNow ? nowMs : undefined}
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
  /** `undefined` where another moment is shown. */
  readonly nowMs: number | undefined;
  readonly linkTo: (path: string) => string;
  readonly isDrawn: boolean;
  readonly onDraw: () => void;
}

function AttributeRow({ asset, attribute, reading, nowMs, linkTo, isDrawn, onDraw }: AttributeRowProps) {
  const { name, description, unit, source } = attribute;
  const tag = useTag(source.tag);
  const shown = reading ?? fixedReading(attribute);
  return (
    <tr>
      <th scope="row" title={description}>
        {name}
        {description && <span className="card-note below attribute-note">{description}</span>}
      </th>
      <td className="number attribute-value" data-name="Value">
        <span>
          {shown && <QualityMark status={shown.status} />} {valueWords(attribute, tag, shown?.value)}
        </span>
      </td>
      <td data-name="Unit">{formatUnit(unit)}</td>
      <td data-name="Age">{ageText(source.kind, shown, nowMs)}</td>
      <td data-name="Range">{rangeText(attribute)}</td>
      <td className="patterns" data-name="Source">
        <AttributeSourceText attribute={attribute} asset={asset} tag={tag} linkTo={linkTo} />
      </td>
      <td>
        {attribute.type !== 'string' && source.kind !== 'unbound' && source.kind !== 'constant' && (
          <button type="button" aria-pressed={isDrawn} onClick={onDraw}>
            Plot<span className="visually-hidden"> {name}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

/** A value of a tag with states is the name of its state. */
function valueWords(
  { type }: AssetAttribute,
  tag: Tag | null | undefined,
  value: LatestSample['value'] | undefined,
): string {
  const state = tag?.states?.find(({ code }) => code === value)?.name;
  return state ?? readValue(value, { type, stepped: tag?.stepped ?? type !== 'number' });
}

/** What is fixed by the model has a value also where nothing is live. */
function fixedReading({ source }: AssetAttribute): LatestSample | undefined {
  if (source.kind === 'unbound') return { time: 0, value: null, status: STATUS.BadConfigurationError };
  return source.kind === 'constant' ? { time: 0, value: source.value ?? null, status: STATUS.Good } : undefined;
}

function ageText(kind: AssetAttribute['source']['kind'], reading: LatestSample | undefined, nowMs: number | undefined) {
  if (kind === 'constant') return 'constant';
  if (!reading || !(reading.time > 0) || nowMs === undefined) return NO_VALUE;
  const timeMs = reading.time / 1_000;
  return <span title={formatMoment(timeMs)}>{formatSpan(nowMs - timeMs)}</span>;
}

function rangeText({ low, high }: AssetAttribute): string {
  if (low === null && high === null) return '';
  return `${low === null ? '' : formatGiven(low)} \u2026 ${high === null ? '' : formatGiven(high)}`;
}
