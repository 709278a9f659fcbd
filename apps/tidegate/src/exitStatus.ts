/** With what the command ends, so that scripts can tell its outcomes apart. */

export const EXIT = {
  ok: 0,
  /** It ran, and the outcome is not good: samples were lost, a tag is unknown, a process broke. */
  failed: 1,
  /** It did not run: the arguments, the configuration or the surroundings must be changed first. */
  refused: 2,
} as const;
