/** One asset: what it is, what its attributes are, what it should be doing, and what it has to do with others. */

import type { Asset, AssetSummary } from '@tidegate/platform/northbound/contract/asset.ts';
import { Fragment } from 'react';
import { AlarmLines } from '../alarms/AlarmLines.tsx';
import { type Choice, formatChoice } from '../console/choice.ts';
import { HealthLines } from '../health/HealthLines.tsx';
import { formatSince } from '../reading/span.ts';
import { TwinPart } from '../twins/TwinPart.tsx';
import { TwinsBelow } from '../twins/TwinsBelow.tsx';
import { AsOf } from './AsOf.tsx';
import { AttributeTable } from './AttributeTable.tsx';
import { lastSegment } from './assetTree.ts';
import { FrameLines } from './FrameLines.tsx';
import { useAsset, useAttributesAt, useLiveAttributes } from './useAssets.ts';

interface AssetPanelProps {
  /** Path or id. */
  readonly name: string;
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function AssetPanel({ name, nowMs, choice, onChange }: AssetPanelProps) {
  const { data, failureReason } = useAsset(name, choice.at);
  const linkTo = (path: string) => formatChoice({ ...choice, page: 'assets', asset: path });
  if (!data) {
    return (
      <section className="panel" aria-label="Asset">
        <AsOf at={choice.at} onChange={(at) => onChange({ at })} />
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === null
            ? `There is no asset “${name}”${choice.at ? ' at that time' : ''}.`
            : (failureReason?.message ?? 'Loading the asset…')}
        </p>
      </section>
    );
  }
  return (
    <>
      <Head asset={data} nowMs={nowMs} linkTo={linkTo}>
        <AsOf at={choice.at} onChange={(at) => onChange({ at })} />
      </Head>
      <Attributes asset={data} nowMs={nowMs} at={choice.at} linkTo={linkTo} />
      {data.type !== null && <TwinPart asset={data.path} type={data.type} at={choice.at} nowMs={nowMs} />}
      {choice.at === undefined && data.children.length > 0 && <TwinsBelow asset={data.path} linkTo={linkTo} />}
      {choice.at === undefined && <AlarmLines path={data.path} nowMs={nowMs} />}
      {choice.at === undefined && <HealthLines path={data.path} nowMs={nowMs} choice={choice} />}
      {choice.at === undefined && <FrameLines path={data.path} nowMs={nowMs} />}
      <Surroundings asset={data} linkTo={linkTo} />
    </>
  );
}

type LinkTo = (path: string) => string;

interface HeadProps {
  readonly asset: Asset;
  readonly nowMs: number;
  readonly linkTo: LinkTo;
  readonly children: React.ReactNode;
}

function Head({ asset, nowMs, linkTo, children }: HeadProps) {
  const { path, description, type, level, id, formerPaths, nameplate, place, version, effective } = asset;
  const segments = path.split('/');
  const facts = [
    ...Object.entries(nameplate),
    ...(id === path ? [] : [['id', id]]),
    ...(formerPaths.length > 0 ? [['formerly', formerPaths.join(', ')]] : []),
    ['model', `version ${version}${effective > 0 ? `, since ${formatSince(effective / 1_000, nowMs)}` : ''}`],
    ['written in', `${place.file}, line ${place.line}`],
  ];
  return (
    <section className="panel" aria-label={path}>
      <div className="panel-head">
        <h2>{lastSegment(path)}</h2>
        <span className="panel-note">{[type, level].filter(Boolean).join(', ')}</span>
        <span className="spring" />
        {children}
      </div>
      <div className="asset-head">
        <nav aria-label="Where it is">
          {segments.slice(0, -1).map((segment, at) => (
            <Fragment key={segments.slice(0, at + 1).join('/')}>
              <a href={linkTo(segments.slice(0, at + 1).join('/'))}>{segment}</a> /{' '}
            </Fragment>
          ))}
          {segments.at(-1)}
        </nav>
        {description && <p>{description}</p>}
        <dl className="facts wide-facts">
          {facts.map(([what, value]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

interface AttributesProps {
  readonly asset: Asset;
  readonly nowMs: number;
  readonly at: string | undefined;
  readonly linkTo: LinkTo;
}

function Attributes({ asset, nowMs, at, linkTo }: AttributesProps) {
  const atMs = at === undefined ? undefined : Date.parse(at);
  const live = useLiveAttributes(at === undefined && asset.attributes.length > 0 ? asset.path : undefined);
  const past = useAttributesAt(asset, atMs !== undefined && Number.isFinite(atMs) ? atMs : undefined);
  if (asset.attributes.length === 0) return null;
  return (
    <section className="panel" aria-label="Attributes">
      <div className="panel-head">
        <h2>Attributes</h2>
        {at !== undefined && <span className="panel-note">as they were then</span>}
      </div>
      <AttributeTable
        asset={asset}
        readings={(at === undefined ? live : past) ?? new Map()}
        nowMs={atMs ?? nowMs}
        isNow={at === undefined}
        linkTo={linkTo}
      />
    </section>
  );
}

function Surroundings({ asset, linkTo }: { readonly asset: Asset; readonly linkTo: LinkTo }) {
  const { children, relations } = asset;
  if (children.length === 0 && relations.length === 0) return null;
  return (
    <section className="panel" aria-label="Surroundings">
      <div className="panel-head">
        <h2>Surroundings</h2>
      </div>
      <div className="asset-around">
        {relations.length > 0 && (
          <div>
            <h3>Relations</h3>
            <ul>
              {relations.map(({ kind, direction, path }) => (
                <li key={`${kind} ${direction} ${path}`}>
                  {direction === 'to' ? (
                    <>
                      {kind.replaceAll('-', ' ')} <a href={linkTo(path)}>{path}</a>
                    </>
                  ) : (
                    <>
                      <a href={linkTo(path)}>{path}</a> {kind.replaceAll('-', ' ')} it
                    </>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
        {children.length > 0 && (
          <div>
            <h3>Within it</h3>
            <ul>
              {children.map((child) => (
                <Child key={child.id} child={child} href={linkTo(child.path)} />
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}

function Child({ child, href }: { readonly child: AssetSummary; readonly href: string }) {
  return (
    <li>
      <a href={href}>{lastSegment(child.path)}</a>{' '}
      <span className="quiet-note">{[child.type, child.description].filter(Boolean).join(': ')}</span>
    </li>
  );
}
