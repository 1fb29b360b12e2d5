import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { deploymentJson, type Known, kubernetesObjects } from './deployment-files.ts';
import { put } from './feed-blocks.ts';
import { page, ROOT } from './markdown.ts';

const PAGE = page('docs/deployment.md');
const folder = mkdtempSync(join(tmpdir(), 'headrace-deployment-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [configMap, secret, claim, deployment] = kubernetesObjects('kubernetes.yaml');
const [loadJob] = kubernetesObjects('kubernetes-load.yaml');
const [ecsContainer] = deploymentJson('ecs-task.json').containerDefinitions;
const batch = deploymentJson('batch-job.json');
const pod = deployment.spec.template.spec;
const loadPod = loadJob.spec.template.spec;

/** The containers of the page, in what all of them must have. */
const CONTAINERS = [
  ['a task of ECS', ecsContainer.user, ecsContainer.readonlyRootFilesystem],
  ['a job of Batch', batch.containerProperties.user, batch.containerProperties.readonlyRootFilesystem],
  ['a pod', userOf(pod), pod.containers[0].securityContext.readOnlyRootFilesystem],
  ['a pod that loads', userOf(loadPod), loadPod.containers[0].securityContext.readOnlyRootFilesystem],
];

function userOf({ securityContext: { runAsUser, runAsGroup } }: Known): string {
  return `${runAsUser}:${runAsGroup}`;
}

test('the page links every file of config/deployment', () => {
  const linked = [...PAGE.text.matchAll(/\]\(\.\.\/(config\/deployment\/[^)]+)\)/g)].map(([, path]) => path);
  const files = readdirSync(join(ROOT, 'config/deployment')).map((name) => `config/deployment/${name}`);
  expect([...new Set(linked)].sort()).toEqual(files.sort());
});

test.each(CONTAINERS)(
  '%s runs as a user without rights, and writes nothing to its root',
  (_, user, isReadOnly) => {
    expect([user, isReadOnly]).toEqual(['1000:1000', true]);
  },
);

describe('the feeds and worker of the ConfigMap', () => {
  test('validate together, with the variable that the Secret gives', async () => {
    const files = Object.entries<string>(configMap.data).map(([name, text]) => put(folder, name, text));
    let told = '';
    const environment = secret.stringData;
    const stderr = { write: (text: string) => (told += text) };
    await validateFiles(files, { environment, stdout: { write() {} }, stderr });
    expect(told).toBe('');
    expect(Object.keys(environment)).toEqual(['KAFKA_JAAS_CONFIG']);
  });

  test('are mounted where the commands name them', () => {
    const paths = [...pod.containers[0].command, ...loadPod.containers[0].command]
      .join(' ')
      .match(/\/feeds\/[\w.]+/g);
    const mounted = Object.keys(configMap.data).map((name) => `/feeds/${name}`);
    expect([...new Set(paths)].sort()).toEqual(mounted.sort());
    for (const { volumes } of [pod, loadPod]) {
      const names = volumes.flatMap((volume: Known) => volume.configMap?.name ?? []);
      expect(names).toEqual([configMap.metadata.name]);
    }
    expect(pod.volumes[1].persistentVolumeClaim.claimName).toBe(claim.metadata.name);
  });
});

test('the environment file of the service is a worker', async () => {
  const lines = page('config/headrace.env')
    .text.split('\n')
    .filter((line) => /^\w/.test(line));
  const environment = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  const shown = spawnSync(process.execPath, [BUILT_COMMAND, 'validate', 'config/trades.yaml'], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  expect([shown.status, shown.stderr]).toEqual([0, expect.not.stringContaining('HEADRACE_')]);
  expect(Object.keys(environment)).toContain('HEADRACE_SASL_JAAS_CONFIG');
});

describe('a stop', () => {
  test('is given longer than a worker takes, and one worker ends before the next one starts', () => {
    expect(ecsContainer.stopTimeout).toBeGreaterThanOrEqual(30);
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const { desiredCount, deploymentConfiguration } = deploymentJson('ecs-service.json');
    expect(desiredCount).toBe(1);
    expect(deploymentConfiguration).toEqual({ minimumHealthyPercent: 0, maximumPercent: 100 });
  });
});

describe('the unit', () => {
  const unit = page('config/headrace.service').text;
  const values = (key: string) =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value);

  test('has nothing that systemd does not know', () => {
    const sections = [...unit.matchAll(/^\[(.+)\]$/gm)].map(([, name]) => name);
    expect(sections).toEqual(['Unit', 'Service', 'Install']);
    const known = unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`);
    const file = put(folder, 'headrace.service', known);
    const checked = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
    const isThere = (checked.error as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT';
    expect(isThere ? checked.stderr : '').toBe('');
  });

  test('ends as the page says, and starts again after all but a mistake', () => {
    expect(values('KillSignal')).toEqual(['SIGTERM']);
    expect(Number(values('TimeoutStopSec')[0])).toBeGreaterThanOrEqual(30);
    expect(values('Restart')).toEqual(['on-failure']);
    expect(values('RestartPreventExitStatus')).toEqual(['2']);
    expect(values('User')).toEqual(['headrace']);
    expect(values('StateDirectory')).toEqual(['headrace']);
    expect(values('EnvironmentFile')).toEqual(['/etc/headrace/headrace.env']);
    expect(values('ProtectSystem')).toEqual(['strict']);
    expect(values('MemoryDenyWriteExecute')).toEqual([]);
  });

  test.each(
    [...unit.matchAll(/^(\w+)=/gm)].flatMap(([, key]) => (PAGE.text.includes(`\`${key}=`) ? [key] : [])),
  )('has %s= as the page has it', (key) => {
    const told = [...PAGE.text.matchAll(new RegExp(`\`${key}=([^\`]+)\``, 'g'))].map(([, value]) => value);
    expect(told.filter((value) => !values(key as string).includes(value as string))).toEqual([]);
  });
});
