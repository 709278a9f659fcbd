/** What a page looks like in the browser, measured in the page itself. */

import type { Page } from 'playwright-core';

/** Pixels of the chart that have a hue: lines, unlike axes and grid, are not grey. */
export function colouredPixels(page: Page): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector('.chart canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let at = 0; at < data.length; at += 4) {
      const colour = [data[at], data[at + 1], data[at + 2]];
      if (data[at + 3] > 200 && Math.max(...colour) - Math.min(...colour) > 60) count++;
    }
    return count;
  })()`);
}

/** Texts of the picture of the boundary that lie over the wall of the gate or over the edge of a zone. */
export function crossedTexts(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const boxes = (parts) => [...document.querySelectorAll('.picture ' + parts)].map((part) => part.getBoundingClientRect());
    const walls = boxes('.wall');
    const edges = boxes('.zone').flatMap(({ left, right }) => [left, right]);
    return [...document.querySelectorAll('.picture text')].filter((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const onWall = walls.some((wall) => left < wall.right && wall.left < right && top < wall.bottom && wall.top < bottom);
      return onWall || edges.some((edge) => left < edge && edge < right);
    }).map((text) => text.textContent);
  })()`);
}

/** By how much the page moves by itself (Layout Instability, W3C), in shares of the window. */
export function layoutShifts(page: Page, forMs: number): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    const observer = new PerformanceObserver((list) => { for (const shift of list.getEntries()) sum += shift.value; });
    observer.observe({ type: 'layout-shift' });
    setTimeout(() => { observer.disconnect(); resolve(sum); }, ${forMs});
  })`);
}
