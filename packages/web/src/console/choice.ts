/** Which page, which tags and which window are shown: kept in the address, so that a page can be sent to a colleague. */

import { MAX_TRACES } from '../trends/traces.ts';
import { FIRST_VIEW, WINDOWS, type WindowMs } from '../trends/trendWindow.ts';

const PAGES = ['trend', 'assets', 'alarms', 'health', 'devices', 'boundary'] as const;
export type PageName = (typeof PAGES)[number];

export interface Choice {
  readonly page: PageName;
  /** Whether the tags in which Tidegate reports on itself are listed, too. */
  readonly system: boolean;
  /** `undefined` where the address says nothing of tags. */
  readonly tags: readonly number[] | undefined;
  readonly windowMs: WindowMs;
  /** Of a page with several parts, which of them; `undefined` for the first. */
  readonly part?: string | undefined;
  /** Path or id of the asset that is shown. */
  readonly asset?: string | undefined;
  /** Number of the case of equipment health that is shown. */
  readonly case?: number | undefined;
  /** Id of the watch over equipment that is shown. */
  readonly watch?: string | undefined;
  /** Name of the lives of a fleet that are shown. */
  readonly lives?: string | undefined;
  /** The moment as of which it is shown, as the interface understands it; `undefined` for now. */
  readonly at?: string | undefined;
}

/** A case as a message or a work order names it: short enough to be typed. */
const CASE_ADDRESS = /^#\/health\/case\/(\d{1,9})$/;

/**
 * Reads `#page=devices&tags=3,17&window=5min`, or `#/health/case/12`; what cannot be understood is as if it were not
 * there.
 */
export function parseChoice(hash: string): Choice {
  const parameters = new URLSearchParams(hash.replace(CASE_ADDRESS, '#page=health&case=$1').replace(/^#/, ''));
  const text = parameters.get('tags');
  const numbers =
    text === null
      ? undefined
      : text
          .split(',')
          .filter((part) => /^\d{1,9}$/.test(part))
          .map(Number);
  const window = WINDOWS.find(({ label }) => label.replace(' ', '') === parameters.get('window'));
  return {
    page: PAGES.find((page) => page === parameters.get('page')) ?? 'trend',
    system: parameters.has('system'),
    tags: numbers && [...new Set(numbers)].slice(0, MAX_TRACES),
    windowMs: window?.ms ?? FIRST_VIEW.windowMs,
    part: parameters.get('part') ?? undefined,
    asset: parameters.get('asset') ?? undefined,
    case: /^\d{1,9}$/.test(parameters.get('case') ?? '') ? Number(parameters.get('case')) : undefined,
    watch: parameters.get('watch') ?? undefined,
    lives: parameters.get('lives') ?? undefined,
    at: parameters.get('at') ?? undefined,
  };
}

export function formatChoice({ page, system, tags, windowMs, part, asset, at, ...shown }: Choice): string {
  const { case: number, watch, lives } = shown;
  const label = WINDOWS.find(({ ms }) => ms === windowMs)?.label.replace(' ', '') ?? '';
  const parts = [
    ...(page === 'trend' ? [] : [`page=${page}`]),
    ...(system ? ['system'] : []),
    ...(tags ? [`tags=${tags.join(',')}`] : []),
    `window=${label}`,
    ...Object.entries({ part, asset, case: number, watch, lives, at }).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    ),
  ];
  return `#${parts.join('&')}`;
}
