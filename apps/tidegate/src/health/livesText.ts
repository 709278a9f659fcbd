/** Lives of fleets as people read them. */

import { shortNumber, textTable } from '../twin/textTable.ts';
import { momentText, percent } from './caseText.ts';
import type { FleetDetail, FleetEstimate, FleetList } from './healthAnswers.ts';
import { daysText, estimateText } from './lifeText.ts';

const NO_LIVES =
  'The model of the plant has no lives: write `lives` into `health/*.yaml`, where equipment fails alike.\n';

/** One line for each; why nothing is told at its end. */
export function formatFleets({ lives }: FleetList): string {
  if (lives.length === 0) return NO_LIVES;
  const rows = lives.map((fleet) => [
    ...[fleet.name, `${fleet.assets} of ${fleet.type}`, countsText(fleet), fleet.model?.method ?? '-'],
    ...[fleet.model?.backtest ? daysText(fleet.model.backtest.errorDays) : '-', stateText(fleet)],
  ]);
  return textTable([['lives', 'fleet', 'known', 'by', 'off in the mean', ''], ...rows], new Set());
}

/** What each asset has left, and what that was learned from. */
export function formatFleet(fleet: FleetDetail, estimates: readonly FleetEstimate[]): string {
  const { name, description, failure, horizonDays, card } = fleet;
  const rows = estimates.map((estimate) => [
    ...[
      `  ${estimate.asset.path}`,
      estimateText(estimate),
      estimate.ageDays === null ? '-' : daysText(estimate.ageDays),
    ],
    ...[movesText(estimate), likeText(estimate), estimate.quality === null ? '-' : percent(estimate.quality)],
  ]);
  const head = ['  asset', 'left', 'age', 'what moves it', 'most like', 'good data'];
  return [
    `${name}: until ${failure}, told up to ${daysText(horizonDays)}; ${stateText(fleet)}\n`,
    description === '' ? '' : `${description}\n`,
    '\n',
    estimates.length === 0 ? 'No estimate yet.\n' : textTable([head, ...rows], new Set()),
    '\n',
    textTable(factsOf(fleet).map(([key, value]) => [`  ${key}`, value])),
    ...(card?.notes ?? []).map((note) => `! ${note}\n`),
  ].join('');
}

function factsOf({ counts, model, card }: FleetDetail): [string, string][] {
  const facts: [string, string][] = [['known', countsText({ counts })]];
  if (!model || !card) return facts;
  const { number, learnedAt, by, method, lives, failures, backtest } = model;
  facts.push(['model', `${number}, learned ${momentText(learnedAt)} by ${by}, by ${method}`]);
  facts.push(['from', `${lives} lives, ${failures} of them until they failed`]);
  facts.push(
    ['signs', card.signals.join(', ') || 'none'],
    ['asked of it', card.settings.join(', ') || 'nothing is said'],
  );
  if (card.weibull) {
    const { shape, scaleDays } = card.weibull;
    facts.push(['ages', `63 % fail before ${daysText(scaleDays)}, shape ${shortNumber(shape)}`]);
  }
  if (!backtest) return [...facts, ['held out', 'there are too few lives to hold any out']];
  const { errorDays, errorDaysOfAges } = backtest;
  const isAges = method === 'ages' || errorDaysOfAges === null;
  const ages = isAges ? '' : ` (by ages alone ${daysText(errorDaysOfAges)})`;
  const off = `off by ${daysText(errorDays)} in the mean${ages}`;
  facts.push(['held out', `${backtest.lives} lives: ${off}, within the interval in ${percent(backtest.coverage)}`]);
  return facts;
}

function countsText({ counts }: Pick<FleetDetail, 'counts'>): string {
  return `${counts.failed} failed, ${counts.replaced} replaced, ${counts.running} go on`;
}

function stateText({ model, refused, learning, outdated }: FleetList['lives'][number]): string {
  if (learning) return 'is being learned';
  if (!model) return refused ?? 'not learned yet';
  if (refused !== null) return `not learned anew: ${refused}`;
  return outdated ? 'told, to be learned anew' : 'told';
}

function movesText({ reasons }: FleetEstimate): string {
  const words = reasons.map(({ feature, days }) => `${feature} ${days > 0 ? '+' : ''}${shortNumber(days)} d`);
  return words.join(', ') || '-';
}

function likeText({ similar: [first] }: FleetEstimate): string {
  return first ? `${first.asset.path}, life ${first.number}: ${daysText(first.leftDays)} then` : '-';
}
