/** Starts the console in the page. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './console/Console.tsx';
import { LiveData } from './live/liveData.ts';
import { LiveStream } from './live/liveStream.ts';
import { LiveContext } from './live/useLive.ts';
import { API } from './server/api.ts';
import { applyTheme } from './theme/theme.ts';
import 'uplot/dist/uPlot.min.css';
import './theme/tokens.css';
import './console/console.css';
import './tags/tags.css';
import './trends/trends.css';
import './boundary/boundary.css';
import './boundary/boundaryPage.css';
import './devices/devices.css';
import './plot/plot.css';
import './alarms/alarms.css';
import './assets/assets.css';
import './twins/twins.css';
import './alarms/list/alarmList.css';
import './alarms/analysis/analysis.css';
import './health/health.css';
import './health/healthPrint.css';

const RETRY_MS = 3_000;

applyTheme();
const live = new LiveData();
new LiveStream(() => new EventSource(`${API}/live`), live).start();
const queries = new QueryClient({
  // The server is on the same machine or in the same building: it is asked again soon and for ever.
  defaultOptions: { queries: { retry: true, retryDelay: RETRY_MS, networkMode: 'always' } },
});

createRoot(document.getElementById('console') as HTMLElement).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>
        <Console />
      </LiveContext>
    </QueryClientProvider>
  </StrictMode>,
);
