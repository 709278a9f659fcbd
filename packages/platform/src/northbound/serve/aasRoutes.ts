/** The routes under `/aas/v3`: assets as Asset Administration Shells, read-only, with errors as that interface has them. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { formatTimestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ModelStore } from '../../model/assets/modelStore.ts';
import { AAS_ENDPOINTS, type AasEndpoint, type AasQuestion } from '../aas/api/aasEndpoints.ts';
import { readParameters } from '../aas/api/aasQuery.ts';
import { AasRepository } from '../aas/api/aasRepository.ts';
import { AasIds } from '../aas/mapping/aasIds.ts';
import type { AttributeValues } from '../aas/mapping/attributeValues.ts';
import type { Environment } from '../aas/metamodel/environment.ts';
import { aasxPackage } from '../aas/package/aasxPackage.ts';
import { environmentXml } from '../aas/package/environmentXml.ts';
import { answer, type Outcome, refusal } from '../rest/outcome.ts';
import { preferred } from './mediaTypes.ts';
import { sendBody } from './sendBody.ts';

export const AAS_ROOT = '/aas/v3';

interface AasParts {
  /** Without a store every question is answered with `model.none`. */
  readonly model: ModelStore | undefined;
  readonly values: AttributeValues;
  /** What identifiers begin with: `https://acme.example/aas/`. */
  readonly base: string;
  readonly clock: Clock;
}

const PACKAGE = 'application/asset-administration-shell-package';
/** In the order in which they are given where a client takes several. */
const FORMS: Readonly<Record<string, (environment: Environment) => string | Uint8Array>> = {
  'application/json': (environment) => JSON.stringify(environment),
  [`${PACKAGE}+xml`]: (environment) => aasxPackage(environment, 'xml'),
  [`${PACKAGE}+json`]: (environment) => aasxPackage(environment, 'json'),
  'application/xml': environmentXml,
};

export function addAasRoutes(server: FastifyInstance, { model, values, base, clock }: AasParts): void {
  const ids = new AasIds(base);
  const ask = (path: string, request: FastifyRequest): Outcome<AasQuestion> => {
    const query = readParameters(path, request.query);
    if (!query.ok) return query;
    const current = model?.current();
    if (!current) return refusal('model.none', 'No version of the model holds at this moment.');
    const origin = `${request.protocol}://${request.headers.host}`;
    const repository = new AasRepository({ model: current.model, values, ids, origin });
    return answer({ repository, params: request.params as AasQuestion['params'], query: query.value });
  };
  const send = async (request: FastifyRequest, reply: FastifyReply, endpoint: AasEndpoint) => {
    const question = ask(endpoint.path, request);
    const outcome = question.ok ? endpoint.read(question.value) : question;
    if (!outcome.ok) return sendResult(reply, outcome.fault, clock);
    return sendAnswer(request, reply, 'application/json', JSON.stringify(outcome.value));
  };
  for (const endpoint of AAS_ENDPOINTS) {
    server.get(`${AAS_ROOT}${endpoint.path}`, (request, reply) => send(request, reply, endpoint));
  }
  server.get(`${AAS_ROOT}/serialization`, async (request, reply) => {
    const form = preferred(request.headers.accept, Object.keys(FORMS));
    if (form === undefined) {
      const detail = `It is given as one of ${Object.keys(FORMS).join(', ')}.`;
      return sendResult(reply, { code: 'request.not-acceptable', detail }, clock);
    }
    const question = ask('/serialization', request);
    const contents = question.ok ? question.value.repository.environment(question.value.query) : question;
    if (!contents.ok) return sendResult(reply, contents.fault, clock);
    return sendAnswer(request, reply, form, FORMS[form](contents.value));
  });
  server.get(`${AAS_ROOT}/*`, (request, reply) =>
    sendResult(reply, { code: 'request.route-unknown', detail: `There is no ${request.url}.` }, clock),
  );
}

function sendAnswer(request: FastifyRequest, reply: FastifyReply, type: string, body: string | Uint8Array) {
  return sendBody(request, reply.header('cache-control', 'no-store'), type, [body]);
}

/** An error in the shape of the interface: `Result` with one message (IDTA 01002-3-0, 11.7). */
function sendResult(reply: FastifyReply, { code, detail }: Fault, clock: Clock): FastifyReply {
  const message = { messageType: 'Error', code, text: detail, timestamp: formatTimestamp(clock.now()) };
  return reply
    .code(FAULTS[code].httpStatus)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(JSON.stringify({ messages: [message] }));
}
