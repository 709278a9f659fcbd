/** The boundary drawn as what it is: values go from the plant through the gate to the enterprise, and nothing comes back. */

import type { Boundary } from '@tidegate/platform/northbound/contract/boundary.ts';
import { useEffect, useRef, useState } from 'react';
import { formatCount, formatRate } from '../reading/number.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import { LanePipe } from './LanePipe.tsx';
import { type PictureLayout, pictureLayout } from './pictureLayout.ts';
import { flowOf, lastHeardMs, type StreamRates, streamKey } from './streamFlow.ts';

/** Pixels of a rem at which a unit of the picture is a pixel. */
const DRAWN_AT_REM = 14;

interface BoundaryPictureProps {
  readonly boundary: Boundary;
  readonly rates: StreamRates;
  readonly nowMs: number;
}

export function BoundaryPicture({ boundary, rates, nowMs }: BoundaryPictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [{ width, scale }, setSize] = useState({ width: 0, scale: 1 });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      // The picture grows with the type of the page.
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      setSize({ width: Math.floor(entry.contentRect.width), scale: rem / DRAWN_AT_REM });
    });
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  const layout = pictureLayout(Math.floor(width / scale), boundary.streams);
  const lanes = boundary.streams.map((stream) => {
    const perSecond = rates.perSecond(streamKey(stream));
    return { stream, perSecond, flow: flowOf(stream, perSecond) };
  });
  const spoken = lanes.map(({ stream, flow, perSecond }) => {
    const waiting = `${formatCount(stream.heartbeat?.depth.samples ?? 0)} samples wait in the spool`;
    const name = `${stream.lane} lane of ${stream.gateway}${viaText(stream.via, ' by the ')}`;
    if (flow.kind === 'closed') return `${name}: closed since ${formatSince(lastHeardMs(stream), nowMs)}, ${waiting}.`;
    return `${name}: ${flow.word}, ${formatRate(perSecond)}, lag ${formatSpan(stream.lagMs)}, ${waiting}.`;
  });
  return (
    <div ref={frame} className="picture">
      {width > 0 && (
        <svg
          width={layout.width * scale}
          height={layout.height * scale}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          role="img"
          aria-label={`Values flow from OT through the gate to IT, never back. ${spoken.join(' ')}`}
        >
          <Zones layout={layout} />
          {layout.gateways.map(({ gateway, via, nameY, lanes: places }) => (
            <g key={gateway}>
              {via !== null && <Between via={via} x={layout.gateX} top={nameY - 12} bottom={places.at(-1)!.y + 18} />}
              <text x="12" y={nameY} className="gateway-name">
                {layout.narrow ? gateway : `gateway ${gateway}`}
              </text>
              {places.map(({ stream, y }) => {
                const lane = lanes.find((one) => one.stream === stream);
                return lane && <LanePipe key={stream.lane} layout={layout} y={y} nowMs={nowMs} {...lane} />;
              })}
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

const WALL = 12;
const BETWEEN = 40;

interface BetweenProps {
  readonly via: string;
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

/** What stands between the zones: a relay in a zone of its own, or a diode. */
function Between({ via, x, top, bottom }: BetweenProps) {
  const [left, height] = [x - BETWEEN / 2, bottom - top];
  return (
    <>
      <rect x={left} y={top} width={BETWEEN} height={height} rx="4" className="zone between" />
      <text x={x + BETWEEN / 2 + 6} y={top + 12} className="gateway-name">
        {viaText(via)}
      </text>
    </>
  );
}

function viaText(via: string | null, before = ''): string {
  if (via === null) return '';
  return before + (via === 'diode' ? 'diode' : `relay ${via}`);
}

function Zones({ layout }: { readonly layout: PictureLayout }) {
  const { width, height, otRight, itLeft, gateX, narrow } = layout;
  const openings = layout.gateways.flatMap(({ lanes }) => lanes.map(({ y }) => y));
  const edges = [22, ...openings.flatMap((y) => [y - 13, y + 13]), height - 1];
  const walls = Array.from({ length: edges.length / 2 }, (_, place) => [edges[2 * place], edges[2 * place + 1]]);
  return (
    <>
      <rect x=".5" y=".5" width={otRight} height={height - 1} rx="4" className="zone ot" />
      <text x="12" y="19" className="zone-name">
        OT
        <tspan className="zone-note">{narrow ? '' : '  plant'}</tspan>
      </text>
      <rect x={itLeft - 0.5} y=".5" width={width - itLeft} height={height - 1} rx="4" className="zone it" />
      <text x={itLeft + 20} y="19" className="zone-name">
        IT
        <tspan className="zone-note">{narrow ? '' : '  historian and users'}</tspan>
      </text>
      <text x={gateX} y="15" textAnchor="middle" className="zone-name">
        gate
      </text>
      {walls.map(([top, bottom]) => (
        <rect key={top} x={gateX - WALL / 2} y={top} width={WALL} height={Math.max(0, bottom - top)} className="wall" />
      ))}
    </>
  );
}
