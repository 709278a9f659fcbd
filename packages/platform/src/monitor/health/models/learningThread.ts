/** The thread that learns one model, and ends: live values do not wait for it. */

import { parentPort, workerData } from 'node:worker_threads';
import { type LearningTask, learnModel } from './learnModel.ts';

parentPort?.postMessage(learnModel(workerData as LearningTask));
