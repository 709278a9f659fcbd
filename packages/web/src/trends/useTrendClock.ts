/** The beat of the trend: components ask for the present as often as it can usefully be drawn. */

import { useEffect, useRef, useState } from 'react';
import { useLive } from '../live/useLive.ts';

/** A line that moves by less than a pixel need not be drawn again; a person who asked for calm gets one step a second. */
export function drawEveryMs(windowMs: number): number {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (calm) return 1_000;
  return Math.min(1_000, Math.max(80, windowMs / 2_000));
}

/** Calls `draw` with the present, at most every `everyMs` and never while the page is hidden. */
export function useFrames(everyMs: number, draw: (nowMs: number) => void): void {
  const live = useLive();
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
  });
  useEffect(() => {
    let drawnMs = Number.NEGATIVE_INFINITY;
    let frame = requestAnimationFrame(function onFrame(timeMs) {
      frame = requestAnimationFrame(onFrame);
      if (timeMs - drawnMs < everyMs) return;
      drawnMs = timeMs;
      latest.current(live.nowMs());
    });
    return () => cancelAnimationFrame(frame);
  }, [everyMs, live]);
}

/** The present, renewed every `everyMs`, for what is shown as text. */
export function useNow(everyMs: number): number {
  const live = useLive();
  const [nowMs, setNowMs] = useState(live.nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(live.nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, live]);
  return nowMs;
}
