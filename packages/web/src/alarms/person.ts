/** Who sits at this screen: asked once, and remembered in this browser. It is a name for the record, not a proof. */

const STORAGE_KEY = 'tidegate.person';
/** What the server takes for a name. */
export const MAX_NAME_LENGTH = 200;

export function rememberedPerson(): string {
  try {
    return localStorage.getItem(STORAGE_KEY) ?? '';
  } catch {
    // A browser that forbids storage is asked each time.
    return '';
  }
}

export function rememberPerson(name: string): void {
  try {
    localStorage.setItem(STORAGE_KEY, name);
  } catch {
    // It is still used for what is being done.
  }
}
