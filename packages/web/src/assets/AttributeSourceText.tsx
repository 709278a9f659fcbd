/** Where the values of an attribute come from, with the way there. */

import type { AssetAttribute } from '@tidegate/platform/northbound/contract/asset.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { formatChoice } from '../console/choice.ts';

const HOUR_MS = 3_600_000;

interface AttributeSourceTextProps {
  /** Path of the asset that has it. */
  readonly asset: string;
  readonly attribute: AssetAttribute;
  /** The tag that it is bound to: `null` where there is none of that path. */
  readonly tag: Tag | null | undefined;
  readonly linkTo: (path: string) => string;
}

export function AttributeSourceText({ asset, tag, attribute: { source, required }, linkTo }: AttributeSourceTextProps) {
  switch (source.kind) {
    case 'tag':
      return <TagLink path={source.tag ?? ''} tag={tag} asset={asset} />;
    case 'formula':
      return <code>= {source.formula}</code>;
    case 'reference':
      return (
        <>
          <a href={linkTo(source.asset ?? '')}>{source.asset}</a> {source.attribute}
        </>
      );
    case 'constant':
      return <>written in the model</>;
    case 'unbound':
      return (
        <span className={required ? 'abnormal' : 'card-note'}>
          bound to nothing{required && ', though its type requires it: give it a tag, a value or a formula'}
        </span>
      );
  }
}

interface TagLinkProps {
  readonly path: string;
  readonly tag: Tag | null | undefined;
  readonly asset: string;
}

function TagLink({ path, tag, asset }: TagLinkProps) {
  const short = path.startsWith(`${asset}/`) ? `\u2026${path.slice(asset.length)}` : path;
  if (tag === null) {
    return (
      <>
        {path} <span className="abnormal">no such tag yet</span>
      </>
    );
  }
  if (!tag) return <>tag {short}</>;
  return (
    <>
      tag{' '}
      <a
        href={formatChoice({ page: 'trend', system: false, tags: [tag.index], windowMs: HOUR_MS })}
        title={`${path}: open in the trend`}
      >
        {short}
      </a>
    </>
  );
}
