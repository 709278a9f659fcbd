/** What stretch of time the trend shows: following the present, held still, or zoomed. */

export const WINDOWS = [
  { label: '1 min', spoken: '1 minute', ms: 60_000 },
  { label: '5 min', spoken: '5 minutes', ms: 300_000 },
  { label: '1 h', spoken: '1 hour', ms: 3_600_000 },
  { label: '8 h', spoken: '8 hours', ms: 28_800_000 },
  { label: '24 h', spoken: '24 hours', ms: 86_400_000 },
] as const;

export type WindowMs = (typeof WINDOWS)[number]['ms'];

export interface TrendView {
  readonly windowMs: WindowMs;
  /** The right edge while the trend is held still; `undefined` while it follows the present. */
  readonly heldAtMs: number | undefined;
  /** A stretch picked out of the window; `undefined` while the whole window is shown. */
  readonly zoom: { readonly startMs: number; readonly endMs: number } | undefined;
}

export const FIRST_VIEW: TrendView = { windowMs: 300_000, heldAtMs: undefined, zoom: undefined };

/** A zoom narrower than this shows nothing that a plant could have measured. */
const NARROWEST_MS = 50;

export type TrendAction =
  | { readonly kind: 'window'; readonly windowMs: WindowMs }
  | { readonly kind: 'hold'; readonly nowMs: number }
  | { readonly kind: 'follow' }
  | { readonly kind: 'zoom'; readonly startMs: number; readonly endMs: number }
  | { readonly kind: 'reset' };

/** A new window always follows the present again; a zoom holds the trend still, and leaves it still when it ends. */
export function changeView(view: TrendView, action: TrendAction): TrendView {
  switch (action.kind) {
    case 'window':
      return { windowMs: action.windowMs, heldAtMs: undefined, zoom: undefined };
    case 'hold':
      return { ...view, heldAtMs: action.nowMs };
    case 'follow':
      return { ...view, heldAtMs: undefined, zoom: undefined };
    case 'zoom': {
      if (action.endMs - action.startMs < NARROWEST_MS) return view;
      return { ...view, zoom: { startMs: action.startMs, endMs: action.endMs } };
    }
    case 'reset':
      return { ...view, zoom: undefined };
  }
}

/** Milliseconds since 1970, start and end. */
export function shownSpan(view: TrendView, nowMs: number): readonly [startMs: number, endMs: number] {
  if (view.zoom) return [view.zoom.startMs, view.zoom.endMs];
  const endMs = view.heldAtMs ?? nowMs;
  return [endMs - view.windowMs, endMs];
}

/** `span` enlarged (`factor` above 1) or narrowed around `aroundMs`. */
export function zoomed(
  span: readonly [startMs: number, endMs: number],
  factor: number,
  aroundMs: number,
): { readonly startMs: number; readonly endMs: number } {
  return { startMs: aroundMs - (aroundMs - span[0]) * factor, endMs: aroundMs + (span[1] - aroundMs) * factor };
}
