/** What a probe is going to do, told before it does it. */

import { placeOf } from '../probedMedium.ts';
import type { ProbeRequest } from './probeRequest.ts';

const SERVICES = {
  coil: 'read coils',
  discrete: 'read discrete inputs',
  holding: 'read holding registers',
  input: 'read input registers',
} as const;

/** What a probe asks for; the guard lets nothing else pass. */
export function askedServices({ options }: ProbeRequest): string[] {
  return [...options.tables.map((table) => SERVICES[table]), 'read device identification'];
}

/** Ends with a line feed. */
export function announce(request: ProbeRequest): string {
  const { driver, medium, unit, options } = request;
  const { first, last, tables, atOnce, samples, sampleIntervalMs, pauseMs, maxRequests } = options;
  const least = Math.ceil((last - first + 1) / atOnce) * tables.length * (1 + samples);
  return `Probes unit ${unit} at ${placeOf(medium)}, ${driver.manifest.title}: ${tables.join(', ')} ${first} to ${last}.
Sends nothing but ${askedServices(request).join(', ')}; the guard refuses everything else.
One request at a time, ${Math.round(pauseMs)} ms after each answer; about ${least}, more where addresses are missing, at most ${maxRequests} to find them.
What is found is read ${samples} times, ${sampleIntervalMs} ms apart. Ctrl-C stops.
`;
}
