/** What a configuration gets that names this package under `drivers`. */

import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import { slmpDriver } from './slmpDriver.ts';

export const drivers: readonly AnyDriver[] = [slmpDriver];
