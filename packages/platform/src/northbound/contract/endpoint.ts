/** Every endpoint of the interface: the one table from which routes, documentation and tests are made. */

import { z } from 'zod';
import { EventList, EventListQuery, LedgerMinutes, LedgerMinutesQuery } from './accounts.ts';
import { ALARM_ENDPOINTS } from './alarmEndpoints.ts';
import { Boundary } from './boundary.ts';
import { DeviceList } from './device.ts';
import { columns, type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import { EVENT_ENDPOINTS } from './eventEndpoints.ts';
import { HEALTH_ENDPOINTS } from './healthEndpoints.ts';
import {
  AnnotationsAnswer,
  CalculatedAnswer,
  CounterAnswer,
  ModifiedAnswer,
  PlotAnswer,
  ProcessedAnswer,
  RawAnswer,
  StatesAnswer,
  SummaryAnswer,
  ValuesAnswer,
} from './historyAnswer.ts';
import {
  AnnotationAnswer,
  AnnotationBody,
  EditAnswer,
  EditBody,
  ImportAnswer,
  ImportBody,
  MAX_CHANGE_BYTES,
  MAX_IMPORT_BYTES,
} from './historyChange.ts';
import {
  AtQuery,
  CalculatedQuery,
  CounterQuery,
  InterpolatedQuery,
  ModifiedQuery,
  PlotQuery,
  ProcessedQuery,
  RawQuery,
  StatesQuery,
  SummaryQuery,
} from './historyQuestion.ts';
import { Latency } from './latency.ts';
import { Ledger } from './ledger.ts';
import { MODEL_ENDPOINTS } from './modelEndpoints.ts';
import { Policy } from './policy.ts';
import { FaultList } from './problem.ts';
import { LatestRows } from './sample.ts';
import { ServerStatus } from './serverStatus.ts';
import { MAX_SQL_BYTES, SqlAnswer, SqlBody, SqlQuery } from './sql.ts';
import { LatestQuery, Tag, TagFilterQuery, TagListQuery, TagPage, TagParams } from './tag.ts';
import { TWIN_ENDPOINTS } from './twinEndpoints.ts';
import { TWIN_STUDY_ENDPOINTS } from './twinStudyEndpoints.ts';

export const API_ROOT = '/api/v1';

const EVENT_STREAM = z.string().meta({
  description:
    'Server-sent events: `latest` (LiveSamples, once at the beginning: the latest sample of each tag), `samples` ' +
    '(LiveSamples, as they become durable, at most every 50 ms) and `boundary` (Boundary, every second); a comment ' +
    'every 15 s. The data of each is one line of JSON.',
});

/** The table. What it has no POST for cannot be written. */
export const ENDPOINTS = {
  tags: {
    ...read(
      '/tags',
      'listTags',
      'List tags',
      'The tags of all gateways in order of path: of the plant, unless others are asked for.',
    ),
    query: TagListQuery,
    answers: { [JSON_TYPE]: TagPage },
  },
  tag: {
    ...read('/tags/{tag}', 'getTag', 'One tag with its latest sample', 'Looks a tag up by index, path, id or alias.'),
    params: TagParams,
    answers: { [JSON_TYPE]: Tag },
  },
  latest: {
    ...read(
      '/latest',
      'readLatest',
      'Latest sample of many tags',
      'One row for each tag that has a sample; tags without one are left out.',
    ),
    query: LatestQuery,
    answers: columns(LatestRows),
  },
  historyRaw: {
    ...read(
      '/history/raw',
      'readRaw',
      'Samples as they were stored',
      'Forwards or backwards in time, in pages, with bounding values where they are asked for (OPC UA Part 11, ReadRaw).',
    ),
    query: RawQuery,
    answers: columns(RawAnswer),
  },
  historyAt: {
    ...read(
      '/history/at',
      'readAtTimes',
      'Values at given times',
      'The sample at that time, or a value between its neighbours (OPC UA Part 11, ReadAtTime).',
    ),
    query: AtQuery,
    answers: columns(ValuesAnswer),
  },
  historyInterpolated: {
    ...read(
      '/history/interpolated',
      'readInterpolated',
      'Values at even distances',
      'One value at `start` and at every `interval` after it: on a line between usable samples, or the value before where the tag is stepped.',
    ),
    query: InterpolatedQuery,
    answers: columns(ValuesAnswer),
  },
  historyPlot: {
    ...read(
      '/history/plot',
      'readPlot',
      'The samples that make a picture',
      'Of each pixel the first, the last, the least, the greatest sample and the first exception: the picture is that of all samples.',
    ),
    query: PlotQuery,
    answers: columns(PlotAnswer),
  },
  historyProcessed: {
    ...read(
      '/history/processed',
      'readProcessed',
      'Aggregates of intervals',
      'The 37 aggregates of OPC UA Part 13; where `end` is earlier than `start`, backwards in time.',
    ),
    query: ProcessedQuery,
    answers: columns(ProcessedAnswer),
  },
  historySummary: {
    ...read('/history/summary', 'readSummary', 'Averages, totals and extremes', 'By time or by event, by interval.'),
    query: SummaryQuery,
    answers: columns(SummaryAnswer),
  },
  historyCounter: {
    ...read(
      '/history/counter',
      'readCounter',
      'What a counter has counted',
      'By interval, across roll-overs and resets.',
    ),
    query: CounterQuery,
    answers: columns(CounterAnswer),
  },
  historyStates: {
    ...read(
      '/history/states',
      'readStates',
      'States and how long they lasted',
      'The list of events or, with an interval, durations.',
    ),
    query: StatesQuery,
    answers: columns(StatesAnswer),
  },
  historyCalculated: {
    ...read(
      '/history/calculated',
      'readCalculated',
      'A tag that is calculated from others',
      'An expression over tags, at even distances or wherever one of them has a sample.',
    ),
    query: CalculatedQuery,
    answers: columns(CalculatedAnswer),
  },
  historyModified: {
    ...read(
      '/history/modified',
      'readModified',
      'What was changed in history',
      'Values that were replaced, deleted and inserted, by whom, when and why (OPC UA Part 11, ReadModified).',
    ),
    query: ModifiedQuery,
    answers: columns(ModifiedAnswer),
  },
  historyAnnotations: {
    ...read('/history/annotations', 'readAnnotations', 'Notes on tags', 'What people have noted on moments of a tag.'),
    query: ModifiedQuery,
    answers: columns(AnnotationsAnswer),
  },
  annotate: {
    ...read(
      '/history/annotations',
      'annotate',
      'Write a note',
      'Adds a note, gives one another text, or removes it; every version is kept.',
    ),
    method: 'POST',
    body: { schema: AnnotationBody, maxBytes: MAX_CHANGE_BYTES },
    answers: { [JSON_TYPE]: AnnotationAnswer },
  },
  historyEdits: {
    ...read(
      '/history/edits',
      'editHistory',
      'Correct history',
      'Inserts, replaces or deletes values of a tag. Nothing is lost: what was there before is listed by /history/modified and answers `knownAt`.',
    ),
    method: 'POST',
    body: { schema: EditBody, maxBytes: MAX_CHANGE_BYTES },
    answers: { [JSON_TYPE]: EditAnswer },
  },
  historyImport: {
    ...read(
      '/history/import',
      'importHistory',
      'Bring samples in',
      'Adds samples of elsewhere to the tags that are named, which are made where there are none. Answered when they are durable.',
    ),
    method: 'POST',
    body: { schema: ImportBody, maxBytes: MAX_IMPORT_BYTES },
    answers: { [JSON_TYPE]: ImportAnswer },
  },
  sqlQuery: {
    ...read(
      '/sql',
      'querySql',
      'Rows of an SQL statement',
      'One SELECT over history, tags, assets, events and the functions of history, read-only (docs/sql.md).',
    ),
    query: SqlQuery,
    answers: columns(SqlAnswer),
  },
  sql: {
    ...read(
      '/sql',
      'runSql',
      'Rows of an SQL statement with parameters',
      'The same with the statement in the body. It reads all the same: nothing can be written by SQL.',
    ),
    method: 'POST',
    body: { schema: SqlBody, maxBytes: MAX_SQL_BYTES },
    answers: columns(SqlAnswer),
  },
  live: {
    ...read(
      '/live',
      'watchLive',
      'Samples as they arrive',
      'Server-sent events of samples that have become durable. A client that cannot keep up is sent the latest sample of each tag and the number of those it was not sent.',
    ),
    query: TagFilterQuery,
    answers: { 'text/event-stream': EVENT_STREAM },
  },
  devices: {
    ...read(
      '/devices',
      'listDevices',
      'How the devices are doing',
      'State, counters and round trips of each device that a gateway reads, what is wrong with it, and how old the report is.',
    ),
    answers: { [JSON_TYPE]: DeviceList },
  },
  latency: {
    ...read(
      '/latency',
      'readLatency',
      'How fresh what is served is',
      'From the time of a sample in the field to when it is served, for each lane against its objective, and for each tag that was late.',
    ),
    query: TagFilterQuery,
    answers: { [JSON_TYPE]: Latency },
  },
  boundary: {
    ...read(
      '/boundary',
      'getBoundary',
      'State of the one-way boundary',
      'For each lane of each gateway: what has crossed, how late, and what waits on the other side.',
    ),
    answers: { [JSON_TYPE]: Boundary },
  },
  policy: {
    ...read(
      '/policy',
      'getPolicy',
      'What may cross, and what has',
      'Each declared flow of each gateway beside what has been seen of it, and the tags that came and are not declared.',
    ),
    answers: { [JSON_TYPE]: Policy },
  },
  ledger: {
    ...read(
      '/ledger',
      'getLedger',
      'What became of every sample',
      'Counts per lane and overall, and whether they balance.',
    ),
    answers: { [JSON_TYPE]: Ledger },
  },
  ledgerMinutes: {
    ...read(
      '/ledger/minutes',
      'listLedgerMinutes',
      'The signed ledger, minute by minute',
      'For each lane of each gateway: what it read, left out, sealed and signed in each minute, what of it is here, and whether that is proved.',
    ),
    query: LedgerMinutesQuery,
    answers: { [JSON_TYPE]: LedgerMinutes },
  },
  events: {
    ...read(
      '/events',
      'listEvents',
      'What happened',
      'Events of the gateways and of this server: refused frames, lost devices, damaged records, what does not fit in the ledger.',
    ),
    query: EventListQuery,
    answers: { [JSON_TYPE]: EventList },
  },
  ...MODEL_ENDPOINTS,
  ...ALARM_ENDPOINTS,
  ...EVENT_ENDPOINTS,
  ...TWIN_ENDPOINTS,
  ...TWIN_STUDY_ENDPOINTS,
  ...HEALTH_ENDPOINTS,
  status: {
    ...read(
      '/status',
      'getStatus',
      'State of the server process',
      'Version, memory, rate of ingest and counters of the historian.',
    ),
    answers: { [JSON_TYPE]: ServerStatus },
  },
  faults: {
    ...read('/faults', 'listFaults', 'Every fault code', 'What each code means and what to do about it.'),
    answers: { [JSON_TYPE]: FaultList },
  },
  openapi: {
    ...read('/openapi.json', 'getOpenApi', 'This description', 'The OpenAPI 3.1 document of this interface.'),
    answers: { [JSON_TYPE]: z.record(z.string(), z.unknown()).meta({ description: 'An OpenAPI 3.1 document.' }) },
  },
} as const satisfies Record<string, Endpoint>;

export type EndpointName = keyof typeof ENDPOINTS;
