import { loadConfig } from '../config/load.ts';
import { createLog } from '../logger.ts';
import { CallWorker } from './worker.ts';

/** The program of a worker: `main.js CONFIGURATION`, started by the process that writes the log. */
const [, , file = ''] = process.argv;
const loaded = await loadConfig(file, process.env);
if ('config' in loaded) await new CallWorker(loaded.config, createLog(loaded.config.log.level)).run();
else process.exitCode = 78; // What is wrong with it, the primary has said or will say.
