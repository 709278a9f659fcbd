/** Every endpoint of the interface: the one table from which routes, documentation and tests are made. */

import { z } from 'zod';
import { Boundary } from './boundary.ts';
import { DeviceList } from './device.ts';
import { Ledger } from './ledger.ts';
import { FaultList } from './problem.ts';
import { SampleRows } from './sample.ts';
import { Series, SeriesQuery } from './series.ts';
import { ServerStatus } from './serverStatus.ts';
import { Tag, TagFilterQuery, TagListQuery, TagPage, TagParams } from './tag.ts';

export const API_ROOT = '/api/v1';

export interface Endpoint {
  /** Below `API_ROOT`, with parameters in braces as OpenAPI writes them. */
  readonly path: string;
  /** Name of the operation in generated clients. */
  readonly operation: string;
  readonly summary: string;
  readonly description: string;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** Body of the answer with status 200, by content type. */
  readonly answers: Readonly<Record<string, z.ZodType>>;
}

const NO_PARAMETERS = z.strictObject({});
const JSON_TYPE = 'application/json';
const CSV = z.string().meta({
  description: 'CSV (RFC 4180) with the columns time (RFC 3339, UTC), value and status (its name).',
  examples: ['time,value,status\r\n2026-01-01T00:00:00.000000Z,71.93,Good\r\n'],
});
const EVENT_STREAM = z.string().meta({
  description:
    'Server-sent events: `latest` (LiveSamples, once at the beginning: the latest sample of each tag), `samples` ' +
    '(LiveSamples, as they become durable, at most every 50 ms) and `boundary` (Boundary, every second); a comment ' +
    'every 15 s. The data of each is one line of JSON.',
});

/** All of them answer GET and HEAD and nothing else: through this interface nothing can be written. */
export const ENDPOINTS = {
  tags: {
    path: '/tags',
    operation: 'listTags',
    summary: 'List tags',
    description: 'The tags of all gateways in order of path: of the plant, unless others are asked for.',
    params: NO_PARAMETERS,
    query: TagListQuery,
    answers: { [JSON_TYPE]: TagPage },
  },
  tag: {
    path: '/tags/{tag}',
    operation: 'getTag',
    summary: 'One tag with its latest sample',
    description: 'Looks a tag up by index, path, id or alias.',
    params: TagParams,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: Tag },
  },
  samples: {
    path: '/tags/{tag}/samples',
    operation: 'readSamples',
    summary: 'History of a tag',
    description:
      'Raw or interpolated samples with `start <= time < end`. Ask with `Accept: text/csv` for CSV; its next page is then ' +
      'named by the Link header (RFC 8288).',
    params: TagParams,
    query: SeriesQuery,
    answers: { [JSON_TYPE]: Series, 'text/csv': CSV },
  },
  latest: {
    path: '/latest',
    operation: 'readLatest',
    summary: 'Latest sample of many tags',
    description: 'One row for each tag that has a sample; tags without one are left out.',
    params: NO_PARAMETERS,
    query: TagFilterQuery,
    answers: { [JSON_TYPE]: SampleRows },
  },
  live: {
    path: '/live',
    operation: 'watchLive',
    summary: 'Samples as they arrive',
    description:
      'Server-sent events of samples that have become durable. A client that cannot keep up is sent the latest sample of ' +
      'each tag and the number of those it was not sent.',
    params: NO_PARAMETERS,
    query: TagFilterQuery,
    answers: { 'text/event-stream': EVENT_STREAM },
  },
  devices: {
    path: '/devices',
    operation: 'listDevices',
    summary: 'How the devices are doing',
    description:
      'State, counters and round trips of each device that a gateway reads, what is wrong with it, and how old the report is.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: DeviceList },
  },
  boundary: {
    path: '/boundary',
    operation: 'getBoundary',
    summary: 'State of the one-way boundary',
    description: 'For each lane of each gateway: what has crossed, how late, and what waits on the other side.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: Boundary },
  },
  ledger: {
    path: '/ledger',
    operation: 'getLedger',
    summary: 'What became of every sample',
    description: 'Counts per lane and overall, and whether they balance.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: Ledger },
  },
  status: {
    path: '/status',
    operation: 'getStatus',
    summary: 'State of the server process',
    description: 'Version, memory, rate of ingest and counters of the historian.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: ServerStatus },
  },
  faults: {
    path: '/faults',
    operation: 'listFaults',
    summary: 'Every fault code',
    description: 'What each code means and what to do about it.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: FaultList },
  },
  openapi: {
    path: '/openapi.json',
    operation: 'getOpenApi',
    summary: 'This description',
    description: 'The OpenAPI 3.1 document of this interface.',
    params: NO_PARAMETERS,
    query: NO_PARAMETERS,
    answers: { [JSON_TYPE]: z.record(z.string(), z.unknown()).meta({ description: 'An OpenAPI 3.1 document.' }) },
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;
