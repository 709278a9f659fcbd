/** Switches between light and dark. */

import { useSyncExternalStore } from 'react';
import { chooseTheme, shownTheme, watchTheme } from './theme.ts';

export function useTheme() {
  return useSyncExternalStore(watchTheme, shownTheme);
}

export function ThemeToggle() {
  const dark = useTheme() === 'dark';
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={dark}
      aria-label="Dark theme"
      title={dark ? 'Change to the light theme' : 'Change to the dark theme'}
      onClick={() => chooseTheme(dark ? 'light' : 'dark')}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        {dark ? (
          <path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z" fill="currentColor" />
        ) : (
          <g stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" fill="none">
            <circle cx="10" cy="10" r="3.6" fill="currentColor" />
            <path d="M10 1.8v2M10 16.2v2M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4" />
          </g>
        )}
      </svg>
    </button>
  );
}
