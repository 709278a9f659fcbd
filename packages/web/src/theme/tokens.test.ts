import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const TOKENS = new Map(
  [
    ...readFileSync(new URL('tokens.css', import.meta.url), 'utf8').matchAll(
      /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
    ),
  ].map(([, name, light, dark]) => [name, [light, dark]] as const),
);

/** Relative luminance (WCAG 2.2, 1.4.3). */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const INKS = ['ink', 'ink-soft', 'ink-faint'];
const GROUNDS = ['page', 'panel', 'raised', 'sunken', 'accent-ground'];
const PAIRS = [
  ...INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)),
  ['bad', 'bad-ground'] as const,
  ['uncertain', 'uncertain-ground'] as const,
  ['bad', 'sunken'] as const,
  ['bad', 'panel'] as const,
  ...['critical', 'high', 'medium', 'low'].flatMap((priority) =>
    ['raised', 'sunken', 'panel'].map((ground) => [`alarm-${priority}`, ground] as const),
  ),
];

it.each(PAIRS)('%s can be read on %s, light and dark', (ink, ground) => {
  const [inks, grounds] = [TOKENS.get(ink), TOKENS.get(ground)];
  for (const theme of [0, 1]) expect(contrast(inks?.[theme] ?? '', grounds?.[theme] ?? '')).toBeGreaterThanOrEqual(4.5);
});
