/** Who looks at readings on their way, when they are scaled and their range is checked, before anything of them is left out. */

export interface ReadingWatcher {
  /**
   * A reading of a tag whose rule says that it is watched, by whomever: of others nothing comes of it. `kind` is a `ValueKind`;
   * `text` counts where it is a string, and `value` where it is a number. Whatever comes of it must not be written to the
   * conditioner before the call has returned.
   */
  read(tag: number, time: number, value: number, kind: number, status: number, text: string): void;
}

/** Several who look at the same readings, in this order; `undefined` stands for nobody. */
export function watchTogether(...watchers: readonly (ReadingWatcher | undefined)[]): ReadingWatcher | undefined {
  const present = watchers.filter((watcher) => watcher !== undefined);
  if (present.length < 2) return present[0];
  return {
    read(tag, time, value, kind, status, text) {
      for (const watcher of present) watcher.read(tag, time, value, kind, status, text);
    },
  };
}
