/** What an analysis of alarms says, as lines for people. */

/** The parts of the answer to `/alarms/analysis` that are shown here. */
export interface AnalysedAlarms {
  readonly activations: number;
  readonly rate: {
    readonly perDay: number;
    readonly perTenMinutes: number;
    readonly peak: number;
    readonly shareOverTen: number;
    readonly verdict: string;
  };
  readonly shareInFlood: number;
  readonly floods: readonly {
    readonly start: number;
    readonly end: number;
    readonly activations: number;
    readonly peak: number;
    readonly sequence: readonly { readonly alarm: string }[];
  }[];
  readonly shareOfTopTen: number;
  readonly alarms: readonly {
    readonly alarm: string;
    readonly activations: number;
    readonly share: number;
    readonly chattering: boolean;
    readonly stale: boolean;
    readonly standing: boolean;
    readonly neverActedUpon: boolean;
  }[];
  readonly duplicates: readonly {
    readonly alarms: readonly string[];
    readonly together: number;
    readonly share: number;
  }[];
}

const SHOWN = 10;

export function analysisLines({ rate, ...analysis }: AnalysedAlarms): string[] {
  const rows: [string, string, string][] = [
    ['alarms per operator and day', rate.perDay.toFixed(0), 'acceptable 150, manageable 300'],
    ['per 10 minutes', rate.perTenMinutes.toFixed(2), `acceptable 1, manageable 2: ${rate.verdict}`],
    ['most in 10 minutes', String(rate.peak), 'at most 10'],
    ['periods with more than 10', percent(rate.shareOverTen), 'below 1 %'],
    ['time in floods', percent(analysis.shareInFlood), 'below 1 %'],
    ['share of the ten worst', percent(analysis.shareOfTopTen), 'below 5 %'],
  ];
  return [
    `${analysis.activations} activations`,
    ...rows.map(([what, figure, target]) => `  ${what.padEnd(28)} ${figure.padStart(8)}   ${target}`),
    '',
    `${analysis.floods.length} floods`,
    ...analysis.floods.slice(0, SHOWN).map(({ start, end, activations, peak, sequence }) => {
      const first = sequence.slice(0, 3).map(({ alarm }) => alarm);
      return `  ${clock(start)} to ${clock(end)}  ${activations} activations, ${peak} in 10 min; first ${first.join(', ')}`;
    }),
    '',
    'bad actors',
    ...analysis.alarms.slice(0, SHOWN).map((actor) => {
      const marks = [
        actor.chattering && 'chattering',
        actor.stale && 'stale',
        actor.standing && 'standing',
        actor.neverActedUpon && 'never acted upon',
      ].filter((mark) => mark !== false);
      return `  ${String(actor.activations).padStart(6)} ${percent(actor.share).padStart(7)}  ${actor.alarm}${marks.length > 0 ? `  (${marks.join(', ')})` : ''}`;
    }),
    ...(analysis.duplicates.length > 0 ? ['', 'come together'] : []),
    ...analysis.duplicates
      .slice(0, SHOWN)
      .map(({ alarms, together, share }) => `  ${percent(share).padStart(7)} of ${together}  ${alarms.join(' and ')}`),
  ];
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function clock(us: number): string {
  return `${new Date(us / 1_000).toISOString().slice(0, 16).replace('T', ' ')}Z`;
}
