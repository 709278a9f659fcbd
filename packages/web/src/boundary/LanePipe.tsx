/** One lane in the picture: the spool on the OT side, the pipe through the gate, the store on the IT side. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';
import { formatBytes, formatCount, formatRate } from '../reading/number.ts';
import { formatSince, formatSpan } from '../reading/span.ts';
import type { PictureLayout } from './pictureLayout.ts';
import { lastHeardMs, type StreamFlow, spoolFill } from './streamFlow.ts';

interface LanePipeProps {
  readonly layout: PictureLayout;
  readonly stream: BoundaryStream;
  readonly flow: StreamFlow;
  readonly perSecond: number;
  readonly y: number;
  readonly nowMs: number;
}

const PAD = 12;
/** Half of the gap in the wall. */
const OPENING = 13;

export function LanePipe({ layout, stream, flow, perSecond, y, nowMs }: LanePipeProps) {
  const closed = flow.kind === 'closed';
  const depth = stream.heartbeat?.depth;
  const waiting = depth?.samples ?? 0;
  const { otRight, itLeft, gateX, narrow } = layout;
  const from = narrow ? otRight : otRight - PAD;
  const to = narrow ? itLeft + 6 : itLeft + PAD;
  const tankX = narrow ? 7 : PAD;
  const otText = tankX + (narrow ? 21 : 26);
  const itText = to + 8;
  return (
    <g className={`lane ${flow.kind}`}>
      <Tank x={tankX} y={y} fill={spoolFill(waiting)} />
      <text x={otText} y={y - 4} className="lane-name">
        {stream.lane}
      </text>
      <text x={otText} y={y + 13} className="lane-note">
        {spoolText(waiting, depth?.bytes ?? 0, closed, narrow)}
      </text>

      <path className="pipe" d={`M${from} ${y}H${gateX - OPENING}`} />
      <path className={`pipe${closed ? ' dry' : ''}`} d={`M${gateX + OPENING} ${y}H${to}`} />
      {!closed && <Chevrons from={from} to={gateX - OPENING} y={y} />}
      {!closed && <Chevrons from={gateX + OPENING} to={to - 4} y={y} />}
      <path className="pipe-end" d={`m${to - 7} ${y - 6} 7 6-7 6`} />
      <Valve x={gateX} y={y} closed={closed} />

      {narrow ? (
        <ZoneFigures otX={otText} itX={itText} stream={stream} flow={flow} y={y} nowMs={nowMs} />
      ) : (
        <PipeFigures layout={layout} stream={stream} flow={flow} perSecond={perSecond} y={y} nowMs={nowMs} />
      )}
      <text x={itText} y={y - 4} className="lane-name number">
        {formatCount(stream.stored)}
      </text>
      <text x={itText} y={y + 13} className="lane-note">
        {storedText(stream, perSecond, { closed, narrow, nowMs })}
      </text>
    </g>
  );
}

/** Behind a closed gate the depth is the last one heard of; what has not been sealed into a block yet has no size. */
function spoolText(samples: number, bytes: number, closed: boolean, narrow: boolean): string {
  if (narrow) return `${formatCount(samples)} ${closed ? 'at last' : 'wait'}`;
  const depth = `spool ${formatCount(samples)} samples`;
  if (closed) return `${depth} when last heard`;
  return bytes > 0 ? `${depth}, ${formatBytes(bytes)}` : depth;
}

function lagText({ lagMs }: BoundaryStream): string {
  return `lag ${formatSpan(lagMs)}`;
}

interface StoredTextOptions extends Pick<LanePipeProps, 'nowMs'> {
  readonly closed: boolean;
  readonly narrow: boolean;
}

/** On a narrow picture the line below goes on with it: how long ago the last came. */
function storedText(stream: BoundaryStream, perSecond: number, { closed, narrow, nowMs }: StoredTextOptions): string {
  if (!narrow) return `stored, last block at ${formatSince(stream.receivedAt / 1_000, nowMs)}`;
  return closed ? 'stored, the last' : `stored, ${formatRate(perSecond)}`;
}

interface ZoneFiguresProps extends Pick<LanePipeProps, 'stream' | 'flow' | 'y' | 'nowMs'> {
  readonly otX: number;
  readonly itX: number;
}

/** Where the pipe is too short for words, its figures stand in the two zones, clear of the wall. */
function ZoneFigures({ otX, itX, stream, flow, y, nowMs }: ZoneFiguresProps) {
  const closed = flow.kind === 'closed';
  return (
    <>
      <text x={otX} y={y + 30} className="flow-word inside">
        {flow.word}
      </text>
      <text x={itX} y={y + 30} className="lane-note number">
        {closed ? `${formatSpan(nowMs - stream.receivedAt / 1_000)} ago` : lagText(stream)}
      </text>
    </>
  );
}

function PipeFigures({ layout, stream, flow, perSecond, y, nowMs }: LanePipeProps) {
  const { otRight, itLeft, gateX } = layout;
  const heardMs = lastHeardMs(stream);
  const closed = flow.kind === 'closed';
  const left = (otRight + gateX - OPENING) / 2;
  const right = (itLeft + gateX + OPENING) / 2;
  return (
    <>
      <text x={left} y={y - 10} textAnchor="middle" className="flow-word">
        {closed ? `${flow.word} since ${formatSince(heardMs, nowMs)}` : flow.word}
      </text>
      <text x={left} y={y + 20} textAnchor="middle" className="lane-note number">
        {closed ? `spool filling for ${formatSpan(nowMs - heardMs)}` : formatRate(perSecond)}
      </text>
      <text x={right} y={y + 20} textAnchor="middle" className="lane-note number">
        {closed ? 'nothing arrives' : lagText(stream)}
      </text>
    </>
  );
}

/** The spool as a tank with its level. */
function Tank({ x, y, fill }: { readonly x: number; readonly y: number; readonly fill: number }) {
  const height = 28;
  const level = Math.round(fill * (height - 4));
  return (
    <g className="tank" transform={`translate(${x} ${y - height / 2})`}>
      <rect width="16" height={height} rx="2" className="tank-wall" />
      <rect x="2" y={height - 2 - level} width="12" height={level} className="tank-level" />
    </g>
  );
}

function Chevrons({ from, to, y }: { readonly from: number; readonly to: number; readonly y: number }) {
  const count = Math.max(1, Math.floor((to - from) / 48));
  const step = (to - from) / (count + 1);
  const marks = Array.from({ length: count }, (_, place) => `M${from + step * (place + 1) - 2} ${y - 3}l3.5 3-3.5 3`);
  return <path className="chevrons" d={marks.join('')} />;
}

/** A check valve as on a piping diagram: a triangle against a bar. Closed, it is a cross in a box that fills the gap. */
function Valve({ x, y, closed }: { readonly x: number; readonly y: number; readonly closed: boolean }) {
  if (closed) {
    return (
      <g className="valve closed" transform={`translate(${x} ${y})`}>
        <rect x={-OPENING} y={-OPENING} width={2 * OPENING} height={2 * OPENING} rx="2" />
        <path d="m-5.5-5.5 11 11m0-11-11 11" />
      </g>
    );
  }
  return (
    <g className="valve open" transform={`translate(${x} ${y})`}>
      <path className="valve-pipe" d={`M${-OPENING} 0h${2 * OPENING}`} />
      <path className="valve-body" d="M-7-7 6 0-7 7Z" />
      <path className="valve-bar" d="M7.5-7.5v15" />
    </g>
  );
}
