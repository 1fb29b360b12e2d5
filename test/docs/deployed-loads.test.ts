import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { deploymentJson, type Known, kubernetesObjects } from './deployment-files.ts';
import { put } from './feed-blocks.ts';
import { blocksOf, page, ROOT } from './markdown.ts';

const PAGE = page('docs/deployment.md');
const folder = mkdtempSync(join(tmpdir(), 'headrace-jobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const batch = deploymentJson('batch-job.json');
const [loadJob] = kubernetesObjects('kubernetes-load.yaml');

describe('the command of a job', () => {
  const [, , command] = batch.containerProperties.command;

  test('is what the page shows, and what the Job of Kubernetes runs', () => {
    const shown = blocksOf(PAGE).find(({ note }) => note === 'batch');
    expect(shown?.text.trim()).toBe(command);
    const ofPod = loadJob.spec.template.spec.containers[0].command[2]
      .replaceAll('/feeds/', '')
      .replace(' --worker worker.yaml', '');
    expect(ofPod).toBe(command);
  });

  test.each([
    ['asx/trades/2026-01-05.csv.gz', 'trades:market-data:asx:trades:2026-01-05.csv.gz'],
    ['in/a file; of "Q1" $(id).csv', 'trades:market-data:in:a file; of "Q1" $(id).csv'],
  ])('gives the object %s as it is, and a name for its progress without a slash', (key, job) => {
    const bin = put(folder, 'bin/headrace', '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(bin, 0o755);
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, S3_BUCKET: 'market-data', S3_KEY: key };
    const { stdout } = spawnSync('sh', ['-c', command], { env, encoding: 'utf8' });
    const [, url, , feed, , name, ...flags] = stdout.split('\n');
    expect([url, feed, name]).toEqual([`s3://market-data/${key}`, 'trades.yaml', job]);
    expect(flags).toEqual(['--no-progress', '--json', '']);
  });

  test('has only options that there are', () => {
    const help = spawnSync(process.execPath, [BUILT_COMMAND, 'load', '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const options: string[] = command.match(/--[\w-]+/g);
    expect(options.filter((option) => !new RegExp(`${option}\\s`).test(help.stdout))).toEqual([]);
  });
});

describe('what comes of an exit code', () => {
  const rows = [...PAGE.text.matchAll(/^\| (\d+)(?:, or none)? +\|.+\| ([^|]+?) +\|$/gm)];
  const [exits] = loadJob.spec.podFailurePolicy.rules;

  test('is told for each that there is', () => {
    expect(rows.map(([, code]) => code)).toEqual(['0', '1', '2', '3', '4', '130', '137', '143']);
  });

  test.each(rows.slice(1).map(([, code = '', then = '']) => [code, /^yes/.test(then)] as const))(
    '%s: another attempt is made: %s',
    (code, isTriedAgain) => {
      expect(
        actionOfBatch({ exitCode: code, reason: '', statusReason: 'Essential container in task exited' }),
      ).toBe(isTriedAgain ? 'RETRY' : 'EXIT');
      expect(exits.onExitCodes.values.includes(Number(code))).toBe(!isTriedAgain);
    },
  );

  test('a Spot instance that is gone is tried again, an image that is not there is not', () => {
    const statusReason = 'Host EC2 (instance i-0123456789abcdef0) terminated.';
    expect(actionOfBatch({ exitCode: '', reason: '', statusReason })).toBe('RETRY');
    const reason = 'CannotPullContainerError: not found';
    expect(actionOfBatch({ exitCode: '', reason, statusReason: 'Task failed to start' })).toBe('EXIT');
  });
});

interface Attempt {
  readonly exitCode: string;
  readonly reason: string;
  readonly statusReason: string;
}

/** As Batch documents it: the first entry counts all of whose conditions match; a star at the end matches the rest. */
function actionOfBatch({ exitCode, reason, statusReason }: Attempt): string {
  const matches = (pattern: string | undefined, text: string) =>
    pattern === undefined ||
    (pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern);
  const entries: Known[] = batch.retryStrategy.evaluateOnExit;
  expect(entries.length).toBeLessThanOrEqual(5);
  const entry = entries.find(
    ({ onExitCode, onReason, onStatusReason }) =>
      matches(onExitCode, exitCode) && matches(onReason, reason) && matches(onStatusReason, statusReason),
  );
  return entry?.action;
}
