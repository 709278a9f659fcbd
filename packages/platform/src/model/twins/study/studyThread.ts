/** The thread that answers one study, and ends: live values do not wait for it, and it has nothing of the live side. */

import { parentPort, workerData } from 'node:worker_threads';
import { answerStudy, type Study } from './study.ts';

parentPort?.postMessage(answerStudy(workerData as Study));
