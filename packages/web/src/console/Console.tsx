/** The whole console: its head, and the page that is chosen. */

import { AlarmVoice } from '../alarms/AlarmCounts.tsx';
import { AlarmPage } from '../alarms/AlarmPage.tsx';
import { AssetsPage } from '../assets/AssetsPage.tsx';
import { BoundaryPage } from '../boundary/BoundaryPage.tsx';
import { DevicePage } from '../devices/DevicePage.tsx';
import { HealthPage } from '../health/HealthPage.tsx';
import { useLink } from '../live/useLive.ts';
import { useNow } from '../trends/useTrendClock.ts';
import { Header } from './Header.tsx';
import { TrendPage } from './TrendPage.tsx';
import { useChoice } from './useChoice.ts';

export function Console() {
  const link = useLink();
  const nowMs = useNow(1_000);
  const [choice, change] = useChoice();
  return (
    <div className={`console${link.kind === 'lost' ? ' stale' : ''}`}>
      <Header nowMs={nowMs} choice={choice} />
      <AlarmVoice />
      {choice.page === 'assets' && <AssetsPage nowMs={nowMs} choice={choice} onChange={change} />}
      {choice.page === 'alarms' && <AlarmPage nowMs={nowMs} choice={choice} />}
      {choice.page === 'health' && <HealthPage nowMs={nowMs} choice={choice} onChange={change} />}
      {choice.page === 'devices' && <DevicePage />}
      {choice.page === 'boundary' && <BoundaryPage nowMs={nowMs} />}
      {choice.page === 'trend' && <TrendPage nowMs={nowMs} choice={choice} onChange={change} />}
    </div>
  );
}
