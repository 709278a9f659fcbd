/** Options of a command as the program of a zone takes them. */

/** By their names in camel case, as they were given here. */
export type GivenOptions = Readonly<Record<string, string | true>>;

export function programArguments(given: GivenOptions): string[] {
  return Object.entries(given).flatMap(([key, value]) => {
    const option = `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [option] : [option, value];
  });
}
