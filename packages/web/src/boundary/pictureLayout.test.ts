import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { expect, it } from 'vitest';
import { pictureLayout } from './pictureLayout.ts';

const streams = (['a', 'a', 'b'] as const).map((gateway, at) => ({
  gateway,
  via: gateway === 'b' ? 'dmz-1' : null,
  lane: at === 1 ? 'analytical' : 'operational',
})) as BoundaryStream[];

it.each([282, 320, 599, 759, 760, 1_000, 3_840])(
  'at %i pixels the lanes stand under each other, and OT, gate and IT from left to right',
  (width) => {
    const layout = pictureLayout(width, streams);
    const ys = layout.gateways.flatMap(({ nameY, lanes }) => [nameY, ...lanes.map(({ y }) => y)]);
    expect(ys).toEqual([...ys].sort((a, b) => a - b));
    expect(layout.height).toBeGreaterThan(ys.at(-1) as number);
    expect(layout.otRight).toBeLessThan(layout.gateX - 24);
    expect(layout.gateX + 24).toBeLessThan(layout.itLeft);
    expect(layout.gateways.map(({ gateway, via, lanes }) => [gateway, via, lanes.length])).toEqual([
      ['a', null, 2],
      ['b', 'dmz-1', 1],
    ]);
  },
);
