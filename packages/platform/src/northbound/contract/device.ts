/** The devices that gateways read, and how each of them is doing. */

import { z } from 'zod';
import { TagIndex } from './tag.ts';
import { Instant } from './time.ts';

const count = (description: string) => z.int().min(0).nullable().meta({ description });
const milliseconds = (description: string) =>
  z
    .number()
    .min(0)
    .nullable()
    .meta({ description, examples: [12.5] });
const share = (description: string) =>
  z
    .number()
    .min(0)
    .nullable()
    .meta({ description, examples: [0.25] });

export const DeviceState = z.enum(['connecting', 'running', 'silent', 'quiet', 'stopped', 'unknown']).meta({
  id: 'DeviceState',
  description:
    'connecting: not reached yet, or not any more; running: it is read; silent: it does not answer; quiet: in its quiet ' +
    'hours nothing is asked; stopped: its line is not in operation; unknown: its gateway does not report.',
});
export type DeviceState = z.infer<typeof DeviceState>;

export const DeviceError = z
  .object({
    at: Instant.meta({ description: 'When it happened, by the clock of the gateway.' }),
    text: z.string().meta({ description: 'What happened, in plain words.', examples: ['no answer within 1000 ms'] }),
  })
  .meta({ id: 'DeviceError', description: 'Something that went wrong with a device.' });
export type DeviceError = z.infer<typeof DeviceError>;

export const Device = z
  .object({
    gateway: z.string().meta({ description: 'The gateway that reads it.', examples: ['station-1'] }),
    name: z.string().meta({ description: 'Its name, unique within the gateway.', examples: ['compressor-plc'] }),
    protocol: z
      .string()
      .nullable()
      .meta({ description: 'Its language.', examples: ['modbus-tcp'] }),
    line: z.string().nullable().meta({ description: 'The line that it is on: its own name where it is alone.' }),
    state: DeviceState,
    since: Instant.nullable().meta({ description: 'Since when it has been in this state.' }),
    problem: z
      .string()
      .nullable()
      .meta({
        description: 'What is wrong now, in plain words; null while all is well.',
        examples: ['no answer within 1000 ms'],
      }),
    lastError: DeviceError.nullable().meta({ description: 'What went wrong last, however long ago.' }),
    reportedAt: Instant.nullable().meta({
      description:
        'When its gateway last said something of it, by the clock of the gateway: every 10 s where all is well.',
    }),
    reportAgeMs: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: 'How old that is.', examples: [4_200] }),
    requests: count('Requests that it was sent since its line was started.'),
    refusals: count('Requests that it refused, or answered with what is no answer.'),
    timeouts: count('Requests that it did not answer in time.'),
    failures: count('Refusals, timeouts, and connections that were lost or did not come about.'),
    skippedScans: count('Scans left out because the one before was not finished.'),
    discardedAnswers: count('Answers that belonged to no question under way and were thrown away.'),
    roundTripP50Ms: milliseconds('Half of the answers of the last minute or two took no longer.'),
    roundTripP99Ms: milliseconds('99 of 100 of them took no longer.'),
    scanLatenessP99Ms: milliseconds('99 of 100 scans began no later than this after their tick.'),
    budgetUsed: share('How much of what it may be asked it was asked lately; null where it has no limit.'),
    lineBudgetUsed: share('The same of its line, all its devices together.'),
    tags: z.record(z.string(), TagIndex).meta({
      description:
        'Index of the tag of each of these figures, by its name: read their history with /tags/{tag}/samples.',
      examples: [{ state: 70, 'round-trip-p99': 81 }],
    }),
  })
  .meta({
    id: 'Device',
    description:
      'A device as its gateway reports on it. A figure is null where there is none, and where nobody reports.',
  });
export type Device = z.infer<typeof Device>;

export const DeviceList = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    devices: z.array(Device).meta({ description: 'In order of gateway and name.' }),
  })
  .meta({ id: 'DeviceList', description: 'The devices of all gateways.' });
export type DeviceList = z.infer<typeof DeviceList>;
