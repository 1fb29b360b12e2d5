import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import { gcsServes } from '../support/gcs.ts';
import { FAULTS } from './faults/index.ts';
import type { Fault, Outcome } from './ground.ts';
import { sharedGround } from './support.ts';

const TIMEOUT_MS = 300_000;

/** What is written once for all is played on one of them; what else there is, `npm run chaos -- --list` tells. */
const PLAYED = ['s3-everything', 'azure-kill-moving', 'sftp-kill'];
const PLAYED_ON_GCS = ['gcs-kill-moving'];

function faultOf(name: string): Fault {
  const fault = FAULTS.find((each) => each.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  return fault;
}

async function play(name: string, context: Pick<TestContext, 'onTestFinished'>): Promise<Outcome> {
  return faultOf(name).play(await sharedGround(context, 91, { rows: 60_000, times: 4 }));
}

describe('each row of a bucket or server arrives once and in order after', () => {
  it.for(PLAYED)('%s', { timeout: TIMEOUT_MS }, async (name, context) => {
    expect((await play(name, context)).wrong).toEqual([]);
  });
});

describe.runIf(await gcsServes())('each row of a bucket of Google Cloud Storage arrives once after', () => {
  it.for(PLAYED_ON_GCS)('%s', { timeout: TIMEOUT_MS }, async (name, context) => {
    expect((await play(name, context)).wrong).toEqual([]);
  });
});

describe('the faults of stores find a worker that', () => {
  it.for([
    [
      'reads on whatever version of an object is there',
      'condition-forgotten',
      's3-replaced',
      'row duplicated',
    ],
    ['goes on beside where a connection was reset', 'resumed-beside', 's3-resets', 'row wrong'],
    ['takes a short answer for a whole one', 'short-body-filled', 's3-short-bodies', 'dead letter unknown'],
  ] as const)('%s', { timeout: TIMEOUT_MS }, async ([, plant, fault, problem], context) => {
    const preload = fileURLToPath(new URL(`./plants/${plant}.ts`, import.meta.url));
    const ground = await sharedGround(context, 92, { built: false });
    const planted = { ...ground, env: { NODE_OPTIONS: `--import ${preload}` } };
    const wrong = await faultOf(fault)
      .play(planted)
      .then((outcome) => outcome.wrong.join('\n'), String);
    expect(wrong).toContain(problem);
  });
});
