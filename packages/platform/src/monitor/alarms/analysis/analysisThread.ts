/** The thread that makes one analysis of alarms, and ends: live values do not wait for it. */

import { parentPort, workerData } from 'node:worker_threads';
import { success } from '@tidegate/core/fault/fault.ts';
import { analyseAlarms } from './alarmAnalysis.ts';
import type { AnalysisTask } from './alarmAnalyst.ts';
import { recordsOf } from './alarmLog.ts';

const { log, options } = workerData as AnalysisTask;
parentPort?.postMessage(success(analyseAlarms(recordsOf(log), options)));
