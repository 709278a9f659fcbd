/** Event frames as people read them. */

import { shortNumber, textTable } from '../twin/textTable.ts';
import type { FrameDetail, ShownFrame } from './frameAnswers.ts';
import { lengthText, timeText } from './timeText.ts';

const SECONDS_COLUMN = 5;

/** One line for each; what is uncertain has a question mark. */
export function formatFrames(frames: readonly ShownFrame[]): string {
  if (frames.length === 0) return 'No event frames there.\n';
  const rows = frames.map((frame) => [
    String(frame.id),
    frame.template,
    frame.asset.path,
    timeText(frame.start),
    frame.end === null ? 'goes on' : timeText(frame.end),
    `${lengthText(frame.seconds)}${frame.uncertain ? ' ?' : ''}`,
    Object.entries(frame.figures)
      .map(([name, value]) => `${name} ${figureText(value)}`)
      .join(', '),
  ]);
  const head = ['no.', 'what', 'asset', 'start', 'end', 'length', 'figures'];
  return textTable([head, ...rows], new Set([0, SECONDS_COLUMN]));
}

export function formatFrame(frame: FrameDetail): string {
  const { id, template, description, asset, start, end, seconds, uncertain, gone, around } = frame;
  const facts = [
    ['asset', asset.path],
    ['start', timeText(start)],
    ['end', end === null ? 'goes on' : timeText(end)],
    ['length', lengthText(seconds)],
    ...(description === '' ? [] : [['what', description]]),
    ...(uncertain ? [['uncertain', 'what made its edges was bad or uncertain: they may lie elsewhere']] : []),
    ...(gone ? [['gone', 'late data or a correction took it away']] : []),
    ...(around ? [['within', `${around.template} ${around.id}`]] : []),
    ...frame.conditions.map(({ edge, expression }) => [edge, expression]),
  ];
  const captured = frame.captured.map(({ name, value, unit, capture, source }) => [
    ...[name, `${figureText(value)} ${unit}`.trimEnd(), `${capture} of ${source.path}`],
  ]);
  const parts = [
    `${template} ${id}\n`,
    textTable(facts.map(([key, value]) => [`  ${key}`, value])),
    captured.length > 0 ? `\nfigures\n${textTable(captured.map(([name, ...rest]) => [`  ${name}`, ...rest]))}` : '',
    frame.children.length > 0 ? `\nwithin it\n${formatFrames(frame.children)}` : '',
    frame.notes.length > 0
      ? `\nnotes\n${frame.notes.map(({ at, by, text }) => `  ${timeText(at)}  ${by}: ${text}\n`).join('')}`
      : '',
  ];
  return parts.join('');
}

function figureText(value: number | string | null): string {
  return typeof value === 'string' ? value : shortNumber(value);
}
