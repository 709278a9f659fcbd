/** What equipment health has been worth, in figures that say when there is too little to tell. */

import type { HealthLedger } from '@tidegate/platform/northbound/contract/healthLedger.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { formatCount } from '../../reading/number.ts';
import { formatDays } from '../lifeLeft.ts';
import { formatFigure } from '../quantity.ts';

export type Account = Omit<HealthLedger, 'start' | 'end' | 'watches'>;

export interface LedgerFigure {
  readonly name: string;
  readonly value: string;
  readonly meaning: string;
  /** Whether so little is known that the figure may be anything. */
  readonly isThin: boolean;
}

/** With fewer findings than this any share is a guess. */
const FEW_FINDINGS = 5;
/** With less time than this a rate is one. */
const FEW_YEARS = 1;

const DAYS_PER_YEAR = 365.25;

const of = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;

export function ledgerFigures(account: Account): LedgerFigure[] {
  const { opened, withFinding, confirmed, nothingFound, precision, lead, falsePerYear, equipmentYears } = account;
  const isFew = withFinding < FEW_FINDINGS;
  return [
    {
      name: 'Precision',
      value:
        withFinding === 0
          ? '\u2013'
          : precision.share === null || isFew
            ? `${formatCount(confirmed)} of ${formatCount(withFinding)}`
            : formatPercent(precision.share),
      meaning: `Cases that were right, of those with a finding: ${precision.words}.`,
      isThin: isFew,
    },
    {
      name: 'Lead time',
      value: lead ? formatDays(lead.medianDays) : '\u2013',
      meaning: lead
        ? `Median from the opening of a case until it failed or was found; ${formatDays(lead.leastDays)} to ${formatDays(lead.mostDays)}.`
        : 'No case has been confirmed yet.',
      isThin: confirmed < FEW_FINDINGS,
    },
    {
      name: 'False cases',
      value: falsePerYear === null ? '\u2013' : formatFigure(falsePerYear),
      meaning: `In a year of one equipment: ${of(nothingFound, 'case')} with nothing found, in ${formatDays(equipmentYears * DAYS_PER_YEAR)} of equipment.`,
      // Nothing is false as long as nobody has looked.
      isThin: equipmentYears < FEW_YEARS || (opened > 0 && withFinding === 0),
    },
    {
      name: 'Cases',
      value: formatCount(opened),
      meaning: `Opened in the range; ${of(withFinding, 'finding')} recorded.`,
      isThin: false,
    },
  ];
}

/** The interval of a share, as places on a bar from 0 to 1; nothing where there is no finding. */
export function precisionBar({ precision, withFinding }: Account) {
  return withFinding === 0 ? undefined : { low: precision.low, high: precision.high, at: precision.share };
}
