/** Where the parts of the picture of the boundary stand, in units of its own: OT on the left, the gate, IT on the right. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';

interface LanePlace {
  readonly stream: BoundaryStream;
  /** Middle of the pipe. */
  readonly y: number;
}

interface GatewayPlace {
  readonly gateway: string;
  /** What brings it, see `BoundaryStream.via`. */
  readonly via: string | null;
  /** Base line of its name. */
  readonly nameY: number;
  readonly lanes: readonly LanePlace[];
}

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** Too narrow for the figures of the pipe to stand beside the gate: they stand in the zones. */
  readonly narrow: boolean;
  /** Right edge of the OT zone, left edge of the IT zone; the pipes run between them. */
  readonly otRight: number;
  readonly itLeft: number;
  readonly gateX: number;
  readonly gateways: readonly GatewayPlace[];
}

const NARROW = 760;
const HEAD = 30;
const NAME = 22;
const LANE = 52;
const LANE_NARROW = 66;
const FOOT = 6;

export function pictureLayout(width: number, streams: readonly BoundaryStream[]): PictureLayout {
  const narrow = width < NARROW;
  const zone = narrow
    ? Math.round(Math.max(width * 0.3, Math.min(width * 0.41, 124)))
    : Math.round(Math.min(400, width * 0.29));
  const lane = narrow ? LANE_NARROW : LANE;
  let y = HEAD;
  const gateways = [...new Set(streams.map(({ gateway }) => gateway))].map((gateway) => {
    const nameY = y + 14;
    y += NAME;
    const lanes = streams
      .filter((stream) => stream.gateway === gateway)
      .map((stream) => {
        const middle = y + LANE / 2;
        y += lane;
        return { stream, y: middle };
      });
    const { via } = streams.find((stream) => stream.gateway === gateway)!;
    return { gateway, via, nameY, lanes };
  });
  return {
    width,
    height: y + FOOT,
    narrow,
    otRight: zone,
    itLeft: width - zone,
    gateX: Math.round(width / 2),
    gateways,
  };
}
