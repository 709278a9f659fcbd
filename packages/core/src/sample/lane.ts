/** The kinds of flow, which never share a queue, a connection or a budget between the driver and the store. */

/**
 * `operational` is needed now (alarms, states, the values operators act on); `analytical` may wait (history, features,
 * training sets). `audit` is what must never be dropped to make room: events of a gateway and the signed checkpoints of its
 * ledger. No tag of a plant is in it.
 */
export type Lane = 'operational' | 'analytical' | 'audit';

/** Every lane, in the order of its code on the wire: the index of a lane is its code. */
export const LANES = ['operational', 'analytical', 'audit'] as const satisfies readonly Lane[];

/** The lanes that a tag of a plant can be in. */
export const PLANT_LANES = ['operational', 'analytical'] as const satisfies readonly Lane[];

/** Something for each lane. */
export type PerLane<T> = Readonly<Record<Lane, T>>;

/** What `make` gives for each lane. */
export function perLane<T>(make: (lane: Lane) => T): PerLane<T> {
  return { operational: make('operational'), analytical: make('analytical'), audit: make('audit') };
}
