/** A program that runs on one configuration file until it is told to stop: how it is called, and how it ends. */

import { parseArgs } from 'node:util';
import { EXIT } from './exitStatus.ts';
import { outliveReaders } from './outliveReaders.ts';

export interface Service {
  /** Of its folder below `apps`. */
  readonly name: string;
  /** Runs on the configuration `file`; resolves with the exit status. */
  run(file: string): Promise<number>;
  /** Looks at the configuration `file` and does nothing else; resolves with the exit status. */
  check(file: string): Promise<number>;
}

/** Does what the arguments of the process say, and ends the process. */
export async function runService(service: Service): Promise<never> {
  outliveReaders();
  const action = readArguments(service);
  if (action === undefined) process.stderr.write(usageOf(service));
  process.exit(action === undefined ? EXIT.refused : await action());
}

function readArguments(service: Service): (() => Promise<number>) | undefined {
  try {
    const { values, positionals } = parseArgs({ options: { config: { type: 'string' } }, allowPositionals: true });
    const [command, ...rest] = positionals;
    const file = values.config;
    if (file === undefined || rest.length > 0 || (command !== undefined && command !== 'check')) return undefined;
    return () => (command === 'check' ? service.check(file) : service.run(file));
  } catch {
    return undefined;
  }
}

function usageOf({ name }: Service): string {
  return `Usage: node apps/${name}/src/main.ts --config FILE         run the ${name}
       node apps/${name}/src/main.ts check --config FILE   check the configuration and do nothing else
`;
}
