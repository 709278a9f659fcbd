/** DNP3: events that are decoded in a second, from the bytes of the link to readings; and by the codec alone. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { TaggedPoint } from '@tidegate/edge/acquisition/driver.ts';
import { decodeResponse } from '@tidegate/edge/acquisition/drivers/dnp3/application/applicationHeader.ts';
import { decodeObjects } from '@tidegate/edge/acquisition/drivers/dnp3/application/decodeObjects.ts';
import type { ObjectSink } from '@tidegate/edge/acquisition/drivers/dnp3/application/objectSink.ts';
import { dnp3Driver } from '@tidegate/edge/acquisition/drivers/dnp3/dnp3Driver.ts';
import { LinkAssembler } from '@tidegate/edge/acquisition/drivers/dnp3/link/linkAssembler.ts';
import { FragmentAssembler } from '@tidegate/edge/acquisition/drivers/dnp3/transport/fragmentAssembler.ts';
import { Readings } from '@tidegate/edge/acquisition/readings.ts';
import { createWriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import { ANALOGS, BINARIES, EVENTS_PER_ANSWER, EventOutstation, eventAnswer, OUTSTATION } from './eventOutstation.ts';
import { type Contender, interleave, type Run, timed } from './interleaved.ts';

const MAX_FRAGMENT_BYTES = 2_048;

export async function measureEvents(run: Run, say: (line: string) => void) {
  say('dnp3, events of binaries and analogs with their times');
  const [driver, codec] = await interleave([await driverContender(), codecContender()], run);
  const bytesPerEvent = eventAnswer(0, Date.now()).length / EVENTS_PER_ANSWER;
  const figures = {
    eventsPerSecond: Math.round(driver.perSecond),
    megabytesPerSecond: Math.round((driver.perSecond * bytesPerEvent) / 1e6),
    codecEventsPerSecond: Math.round(codec.perSecond),
  };
  for (const [name, figure] of Object.entries(figures)) say(`  ${name.padEnd(22)} ${figure.toLocaleString('en')}`);
  return figures;
}

/** Polls, answers, confirms and readings, as on a line; the bytes come from memory. */
async function driverContender(): Promise<Contender> {
  let events = 0;
  const readings = new Readings({ write: ({ count }) => (events += count) });
  const options = dnp3Driver.options.parse({ outstation: OUTSTATION });
  const device = { name: 'outstation', options, timeoutMs: 1_000, classes: [{ intervalMs: 1_000, points: points() }] };
  const ports = { clock: systemClock, events: () => {}, readings, bitRate: undefined };
  const line = dnp3Driver.prepare([device], ports);
  const guard = createWriteGuard(dnp3Driver.manifest, dnp3Driver.dissect, [{ station: OUTSTATION, options: [] }]);
  line.connected(new EventOutstation(guard, Date.now()));
  const [outstation] = line.devices;
  await outstation.greet?.();
  const [group] = outstation.groups;
  const poll = async () => {
    group.begin();
    while (group.pending > 0) {
      const { outcome } = await group.step(1);
      if (outcome !== 'answered') throw new Error(`a poll was ${outcome}`);
    }
  };
  return {
    measure: (sliceMs) =>
      timed(async () => {
        const before = events;
        const deadlineMs = performance.now() + sliceMs;
        while (performance.now() < deadlineMs) await poll();
        return events - before;
      }),
  };
}

function points(): TaggedPoint[] {
  const named = (kind: string, count: number) => Array.from({ length: count }, (_, index) => `${kind}:${index}`);
  const addresses = [...named('analog', ANALOGS), ...named('binary', BINARIES)];
  return addresses.map((address, tag) => ({ tag, address, dataType: address.startsWith('binary') ? 'bool' : 'int32' }));
}

/** From frames to values, with every CRC checked, and no session, points or readings. */
function codecContender(): Contender {
  const stream = eventAnswer(0, Date.now());
  let events = 0;
  const count = () => {
    events++;
  };
  const sink: ObjectSink = { number: count, bytes: count, time() {}, delay() {} };
  const link = new LinkAssembler();
  const transport = new FragmentAssembler(MAX_FRAGMENT_BYTES);
  const decode = () => {
    link.push(stream);
    for (let frame = link.next(); frame; frame = link.next()) {
      const fragment = transport.push(frame.data);
      const response = fragment && decodeResponse(fragment);
      if (response?.ok) decodeObjects(response.value.objects, sink);
    }
  };
  return {
    measure: (sliceMs) =>
      timed(() => {
        events = 0;
        const deadlineMs = performance.now() + sliceMs;
        while (performance.now() < deadlineMs) decode();
        return events;
      }),
  };
}
