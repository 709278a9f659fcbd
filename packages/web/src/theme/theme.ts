/** Light or dark: as the system says, until a person decides otherwise; the decision is remembered in this browser. */

export type Theme = 'light' | 'dark';

const STORAGE_KEY = 'tidegate.theme';
const ATTRIBUTE = 'data-theme';
const darkSystem = () => window.matchMedia('(prefers-color-scheme: dark)');

/** What was decided here before; `undefined` where the system decides. */
function rememberedTheme(): Theme | undefined {
  try {
    const remembered = localStorage.getItem(STORAGE_KEY);
    return remembered === 'light' || remembered === 'dark' ? remembered : undefined;
  } catch {
    // A browser that forbids storage follows the system.
    return undefined;
  }
}

export function shownTheme(): Theme {
  return rememberedTheme() ?? (darkSystem().matches ? 'dark' : 'light');
}

/** Tells the style sheet what was decided before, if anything: otherwise `color-scheme` follows the system. */
export function applyTheme(): void {
  const remembered = rememberedTheme();
  if (remembered) document.documentElement.setAttribute(ATTRIBUTE, remembered);
}

/** A theme that is the system's own is not remembered, so that a screen that follows day and night goes on to do so. */
export function chooseTheme(theme: Theme): void {
  try {
    if (theme === (darkSystem().matches ? 'dark' : 'light')) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // It is still applied, to this page.
  }
  document.documentElement.setAttribute(ATTRIBUTE, theme);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

export function watchTheme(listener: () => void): () => void {
  listeners.add(listener);
  const system = darkSystem();
  system.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', listener);
  };
}

/** The colour that a custom property has at this moment, as a canvas understands it. */
export function themeColour(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
