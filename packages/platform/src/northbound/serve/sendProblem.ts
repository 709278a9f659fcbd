/** Answers a request with a fault. */

import type { Fault } from '@tidegate/core/fault/fault.ts';
import type { FastifyReply } from 'fastify';
import { type ProblemExtras, problemJson } from '../encoding/problemJson.ts';

export function sendProblem(reply: FastifyReply, fault: Fault, extras?: ProblemExtras): FastifyReply {
  const problem = problemJson(fault, extras);
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify(problem));
}
