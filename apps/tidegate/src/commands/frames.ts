/** `tidegate frames`: what happened to assets, from when until when, and notes about it. */

import { userInfo } from 'node:os';
import { EXIT } from '@tidegate/process/exitStatus.ts';
import type { Command } from 'commander';
import type { FrameDetail, FramePage } from '../events/frameAnswers.ts';
import { formatFrame, formatFrames } from '../events/frameText.ts';
import { askModel } from '../model/askModel.ts';
import { reportFault } from '../reportFault.ts';
import { ServerApi } from '../serverApi/serverApi.ts';

interface ServerGiven {
  readonly server: string;
  readonly json?: true;
}

interface NoteGiven extends ServerGiven {
  readonly by: string;
}

interface ListGiven extends ServerGiven {
  readonly asset?: string;
  readonly template?: string;
  readonly kind?: string;
  readonly open?: true;
  readonly start: string;
  readonly end: string;
  readonly limit: string;
}

const EXAMPLES = `
Examples:
  tidegate frames --asset acme/north/compression --kind trip --start '*-30d'
  tidegate frames --open                              what goes on now
  tidegate frames show 17                             with what made its edges and figures
  tidegate frames note 17 'suction strainer was blocked'
`;

export function addFramesCommand(program: Command): void {
  const frames = program
    .command('frames')
    .description('event frames: runs, trips, start-ups, excursions of assets, and notes about them')
    .addHelpText('after', EXAMPLES);
  const add = (name: string, description: string, isDefault = false) =>
    frames
      .command(name, { isDefault })
      .description(description)
      .option('--server <url>', 'address of the server', 'http://127.0.0.1:8420');
  add('list', 'what happened, the newest first; `list` may be left out', true)
    .option('--asset <asset>', 'path or id; what is below it counts too')
    .option('--template <name>', 'name of the frames in the model')
    .option('--kind <kind>', 'batch, run, trip, start-up, shut-down, excursion or other')
    .option('--open', 'only what still goes on')
    .option('--start <time>', 'frames that reach beyond this', '*-7d')
    .option('--end <time>', 'frames that begin before this', '*')
    .option('--limit <frames>', 'most of them', '100')
    .option('--json', 'the answer of the server as it is')
    .action((given: ListGiven) => end(list(given)));
  add('show', 'one frame: figures, what they came from, frames within it, notes')
    .argument('<number>', 'of the frame')
    .option('--json', 'the answer of the server as it is')
    .action((number: string, given: ServerGiven) => end(show(number, given)));
  add('note', 'write a note about a frame; it stays when late data moves the frame')
    .argument('<number>', 'of the frame')
    .argument('<text>', 'of the note')
    .option('--by <name>', 'who writes it', userInfo().username)
    .action((number: string, text: string, given: NoteGiven) => end(note(number, text, given)));
}

async function end(work: Promise<number>): Promise<void> {
  process.exitCode = await work;
}

async function list({ server, json, open, ...query }: ListGiven): Promise<number> {
  const page = await new ServerApi(server).get<FramePage>('/frames', { ...query, ...(open && { open: 'true' }) });
  if (!page.ok) {
    reportFault(page.fault);
    return EXIT.failed;
  }
  process.stdout.write(json ? `${JSON.stringify(page.value, null, 2)}\n` : formatFrames(page.value.frames));
  if (page.value.next !== null && !json)
    process.stderr.write('There are more before them (--limit, --start, --end).\n');
  return EXIT.ok;
}

async function show(number: string, { server, json }: ServerGiven): Promise<number> {
  const frame = await new ServerApi(server).get<FrameDetail>(`/frames/${encodeURIComponent(number)}`);
  if (!frame.ok) {
    reportFault(frame.fault);
    return EXIT.failed;
  }
  process.stdout.write(json ? `${JSON.stringify(frame.value, null, 2)}\n` : formatFrame(frame.value));
  return EXIT.ok;
}

async function note(number: string, text: string, { server, by }: NoteGiven): Promise<number> {
  const written = await askModel<object>(new ServerApi(server), '/frames/notes', { frame: Number(number), by, text });
  if (written.ok) return EXIT.ok;
  reportFault(written.fault);
  return EXIT.failed;
}
