/** The rows of a long list that are in view: the others are not rendered. */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Rows beyond the visible ones, so that scrolling does not show emptiness. */
export const OVERSCAN = 8;

/** Which rows are in view, and how to bring one into it. All rows are of one height, which the style sheet sets. */
export function useRowWindow(count: number) {
  const viewport = useRef<HTMLDivElement>(null);
  const [rowHeight, setRowHeight] = useState(28);
  const [{ top, height }, setView] = useState({ top: 0, height: 600 });
  const measure = useCallback(() => {
    const element = viewport.current;
    if (!element) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    setRowHeight(Number.parseFloat(getComputedStyle(element).getPropertyValue('--row')) * rem);
    setView({ top: element.scrollTop, height: element.clientHeight });
  }, []);
  useLayoutEffect(measure, [measure]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (viewport.current) observer.observe(viewport.current);
    return () => observer.disconnect();
  }, [measure]);
  const reveal = (row: number) => {
    const element = viewport.current;
    if (!element) return;
    const rowTop = row * rowHeight;
    if (rowTop < element.scrollTop) element.scrollTop = rowTop;
    else if (rowTop + rowHeight > element.scrollTop + element.clientHeight) {
      element.scrollTop = rowTop + rowHeight - element.clientHeight;
    }
  };
  return {
    viewport,
    rowHeight,
    first: Math.max(0, Math.floor(top / rowHeight) - OVERSCAN),
    last: Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN),
    reveal,
    onScroll: measure,
  };
}
