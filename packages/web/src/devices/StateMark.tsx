/** The state of a device: a word, and a shape of its own for each, never colour alone. */

import type { Device } from '@tidegate/platform/northbound/contract/device.ts';

/** Others are not as they should be. A device that is read may have something wrong with it all the same. */
const NORMAL: ReadonlySet<Device['state']> = new Set(['running', 'quiet']);

export function StateMark({ state }: { readonly state: Device['state'] }) {
  return (
    <span className={`device-state${NORMAL.has(state) ? '' : ' abnormal'}`}>
      <svg viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
        <Shape state={state} />
      </svg>
      {state}
    </span>
  );
}

const LINE = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8, strokeLinecap: 'round' } as const;

function Shape({ state }: { readonly state: Device['state'] }) {
  switch (state) {
    case 'running':
      return <circle cx="7" cy="7" r="4" fill="currentColor" />;
    case 'quiet':
      return <path d="M5 3.5v7M9 3.5v7" {...LINE} />;
    case 'connecting':
      return <circle cx="7" cy="7" r="4.6" {...LINE} strokeDasharray="4 3" />;
    case 'silent':
      return <path d="m3 3 8 8m0-8-8 8" {...LINE} strokeWidth="2.2" />;
    case 'stopped':
      return <rect x="3" y="3" width="8" height="8" fill="currentColor" />;
    case 'unknown':
      return <path d="M4.6 5a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.6M7 11.4v.1" {...LINE} />;
  }
}
