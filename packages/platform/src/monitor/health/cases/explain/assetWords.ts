/** Names of the model as a person says them: `.../substation/power-supply-1` is "Power supply 1 of the substation". */

/** The last two parts of the path of an asset. */
export function assetWords(path: string): string {
  const [last = path, parent] = path.split('/').reverse();
  const of = parent === undefined ? '' : ` of ${withArticle(nameWords(parent))}`;
  return capitalised(nameWords(last)) + of;
}

/** `contact-resistance` is "contact resistance". */
export function nameWords(name: string): string {
  return name.replaceAll(/[-_]+/g, ' ').trim();
}

export function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "a, b and c". */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** What has a number or a letter at its end is called by it: "train 1", "pump B". */
function withArticle(words: string): string {
  return /\d$| [a-z]$/i.test(words) ? words : `the ${words}`;
}
