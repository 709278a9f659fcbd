/** How aggregates treat a tag's data: the properties of AggregateConfigurationType (OPC 10000-13, 4.2.1.2) and Stepped (OPC 10000-11, 5.2.3). */

export interface AggregateOptions {
  /** Each value holds until the next sample; otherwise a straight line leads from sample to sample. */
  readonly stepped: boolean;
  /** An uncertain sample counts as a bad one. */
  readonly treatUncertainAsBad: boolean;
  /** From this percentage of bad data on, a result is bad. */
  readonly percentDataBad: number;
  /**
   * From this percentage of good data on, a result is good; between the two it is UncertainDataSubNormal. At least
   * 100 - `percentDataBad`; where the two meet, good prevails.
   */
  readonly percentDataGood: number;
  /** The line through the last two usable samples goes on behind them; otherwise the last value holds. */
  readonly useSlopedExtrapolation: boolean;
}

/** What the standard says where nobody says anything else. */
export const DEFAULT_AGGREGATE_OPTIONS: AggregateOptions = {
  stepped: false,
  treatUncertainAsBad: true,
  percentDataBad: 100,
  percentDataGood: 100,
  useSlopedExtrapolation: false,
};
