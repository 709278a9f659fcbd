/** The process between the zones: takes blocks from gateways, keeps them, and delivers them to a server. */

import { serve } from './serve.ts';

await serve();
