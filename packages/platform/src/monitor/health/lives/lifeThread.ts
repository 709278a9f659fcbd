/** The thread that learns the lives of a fleet, and ends: live values do not wait for it. */

import { parentPort, workerData } from 'node:worker_threads';
import { learnLives } from './learnLives.ts';
import type { LifeTask } from './lifeTask.ts';

parentPort?.postMessage(learnLives(workerData as LifeTask));
