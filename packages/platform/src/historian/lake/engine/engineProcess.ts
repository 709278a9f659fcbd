/** The process of the SQL engine: DuckDB and whatever a statement does to it end with this process, not with the server. */

import { mkdir, rm } from 'node:fs/promises';
import type { EngineSettings, FromEngine, ToEngine } from './engineMessage.ts';
import { RunningQuery } from './runningQuery.ts';
import { Sandbox } from './sandbox.ts';

const running = new Map<number, RunningQuery>();
/** Messages that change the engine are carried out one after the other, and before the statements that follow them. */
let ready: Promise<Sandbox>;
let functions: readonly string[] = [];

process.on('message', (message: ToEngine) => {
  if (message.type === 'open') ready = open(message.settings);
  else if (message.type === 'table') ready = ready.then(async (sandbox) => fill(sandbox, message));
  else if (message.type === 'query') void answer(message);
  else if (message.type === 'taken') running.get(message.id)?.taken();
  else if (message.type === 'piece') running.get(message.id)?.takePiece(message.table);
  else if (message.type === 'answered') running.get(message.id)?.answered(message.result);
  else running.get(message.id)?.end(message.fault);
});
// Without the server nobody waits for an answer.
process.on('disconnect', () => process.exit());

async function open(settings: EngineSettings): Promise<Sandbox> {
  functions = settings.functions.map(({ name }) => name);
  await rm(settings.spill, { recursive: true, force: true });
  await mkdir(settings.spill, { recursive: true });
  return Sandbox.open(settings);
}

async function fill(sandbox: Sandbox, { name, table }: Extract<ToEngine, { type: 'table' }>): Promise<Sandbox> {
  await sandbox.fillTable(name, table);
  return sandbox;
}

async function answer(query: Extract<ToEngine, { type: 'query' }>): Promise<void> {
  const statement = new RunningQuery(query, functions, send);
  running.set(query.id, statement);
  const followed = ready.then(async (sandbox) => ({ sandbox, lake: await sandbox.followLake() }));
  ready = followed.then(({ sandbox }) => sandbox);
  const { sandbox, lake } = await followed;
  if (!lake.ok) statement.end(lake.fault);
  await statement.run(sandbox);
  running.delete(query.id);
}

function send(message: FromEngine): void {
  if (process.connected) process.send?.(message);
}
