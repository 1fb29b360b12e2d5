import { parentPort, workerData } from 'node:worker_threads';
import type { PluginQuestion } from './ask-plugins.ts';
import { PLUGIN_ANSWERS, type PluginQuestions } from './plugin-answers.ts';

/* Answers a question about each thing, in a thread that whoever asked ends when a plugin holds it. */
const { question, abouts, worker } = workerData as PluginQuestion<keyof PluginQuestions>;
const answer = PLUGIN_ANSWERS[question] as (about: unknown, worker: unknown) => Promise<unknown>;
for (const about of abouts) parentPort?.postMessage(await answer(about, worker));
