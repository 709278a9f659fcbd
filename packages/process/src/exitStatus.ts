/** With what a process of ours ends, so that scripts and supervisors can tell its outcomes apart. */

export const EXIT = {
  ok: 0,
  /** It ran, and the outcome is not good: samples were lost, a tag is unknown, a bug ended it. */
  failed: 1,
  /** It did not run: the arguments, the configuration or the surroundings must be changed first; no use in a restart. */
  refused: 2,
} as const;
