/** The endpoints of twins and of what attributes were. */

import { z } from 'zod';
import { AssetParams } from './asset.ts';
import { columns, type Endpoint, JSON_TYPE, read } from './endpointParts.ts';
import { AttributeHistory } from './historyAnswer.ts';
import { AttributeHistoryQuery } from './historyQuestion.ts';
import { LiveTwinsQuery, Twin, TwinList, TwinListQuery } from './twin.ts';

const EVENT_STREAM = z.string().meta({
  description:
    'Server-sent events: `attributes` (LiveAttributes, at the beginning and with every new model: the numbers of the ' +
    'attributes that are watched) and `samples` (LiveSamples, whose `tags` are those numbers, at most every 50 ms, all of ' +
    'them once at the beginning); a comment every 15 s. The data of each is one line of JSON.',
});

export const TWIN_ENDPOINTS = {
  twins: {
    ...read(
      '/twins',
      'listTwins',
      'List twins',
      'Mode, trust and the worst residual of each, the least trusted or the farthest off first where it is asked for.',
    ),
    query: TwinListQuery,
    answers: { [JSON_TYPE]: TwinList },
  },
  twin: {
    ...read(
      '/twins/{asset}',
      'getTwin',
      'Everything that is known of a twin',
      'Live values with status and age, what they should be, residuals, mode, trust with its reasons, parameters, relations.',
    ),
    params: AssetParams,
    answers: { [JSON_TYPE]: Twin },
  },
  attributeHistory: {
    ...read(
      '/assets/{asset}/attributes/{attribute}/history',
      'readAttributeHistory',
      'What an attribute was',
      'Calculated from the samples of tags by the model that held at each time; also of what is derived, such as `flow.residual`.',
    ),
    params: AssetParams.extend({
      attribute: z
        .string()
        .min(1)
        .meta({
          description:
            'Name of the attribute, or what is derived of it: `.expected`, `.residual`, `.sigmas`, `twin.mode`.',
          examples: ['discharge-temperature', 'discharge-temperature.residual'],
        }),
    }),
    query: AttributeHistoryQuery,
    answers: columns(AttributeHistory),
  },
  twinsLive: {
    ...read(
      '/twins/live',
      'watchTwins',
      'Attributes as they change',
      'Server-sent events of attributes by their path in the unified namespace, what is expected and residuals included.',
    ),
    query: LiveTwinsQuery,
    answers: { 'text/event-stream': EVENT_STREAM },
  },
} as const satisfies Record<string, Endpoint>;
