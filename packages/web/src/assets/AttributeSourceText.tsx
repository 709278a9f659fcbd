/** Where the values of an attribute come from, with the way there. */

import { useQuery } from '@tanstack/react-query';
import type { AssetAttribute } from '@tidegate/platform/northbound/contract/asset.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { formatChoice } from '../console/choice.ts';
import { askKnown } from '../server/api.ts';

const HOUR_MS = 3_600_000;
/** A tag that is not there yet may come with a gateway. */
const LOOK_EVERY_MS = 30_000;

interface AttributeSourceTextProps {
  /** Path of the asset that has it. */
  readonly asset: string;
  readonly attribute: AssetAttribute;
  readonly linkTo: (path: string) => string;
}

export function AttributeSourceText({ asset, attribute: { source, required }, linkTo }: AttributeSourceTextProps) {
  switch (source.kind) {
    case 'tag':
      return <TagLink path={source.tag ?? ''} asset={asset} />;
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

function TagLink({ path, asset }: { readonly path: string; readonly asset: string }) {
  const short = path.startsWith(`${asset}/`) ? `\u2026${path.slice(asset.length)}` : path;
  const tag = useQuery({
    queryKey: ['tag', path],
    queryFn: ({ signal }) => askKnown<Tag>(`/tags/${encodeURIComponent(path)}`, signal),
    staleTime: LOOK_EVERY_MS,
    refetchInterval: ({ state }) => (state.data === null ? LOOK_EVERY_MS : false),
  }).data;
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
