/** The two kinds of flow, which never share a queue, a connection or a budget between the driver and the store. */

/**
 * `operational` is needed now (alarms, states, the values operators act on); `analytical` may wait (history, features,
 * training sets).
 */
export type Lane = 'operational' | 'analytical';

/** Every lane, in the order of its code on the wire: the index of a lane is its code. */
export const LANES = ['operational', 'analytical'] as const satisfies readonly Lane[];
