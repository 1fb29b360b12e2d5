import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { isMember } from '../../src/config/define/group.ts';
import { loadWorkerConfig } from '../../src/config/worker-file.ts';
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
const [clusterContainer] = deploymentJson('ecs-cluster-task.json').containerDefinitions;
const cluster = kubernetesObjects('kubernetes-cluster.yaml');
const statefulSet = cluster.find(({ kind }) => kind === 'StatefulSet');
const clusterPod = statefulSet.spec.template.spec;
const batch = deploymentJson('batch-job.json');
const pod = deployment.spec.template.spec;
const loadPod = loadJob.spec.template.spec;

/** The containers of the page, in what all of them must have. */
const CONTAINERS = [
  ['a task of ECS', ecsContainer.user, ecsContainer.readonlyRootFilesystem],
  ['a task of the cluster of ECS', clusterContainer.user, clusterContainer.readonlyRootFilesystem],
  ['a job of Batch', batch.containerProperties.user, batch.containerProperties.readonlyRootFilesystem],
  ['a pod', userOf(pod), pod.containers[0].securityContext.readOnlyRootFilesystem],
  [
    'a pod of the cluster',
    userOf(clusterPod),
    clusterPod.containers[0].securityContext.readOnlyRootFilesystem,
  ],
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
    expect(clusterContainer.stopTimeout).toBeGreaterThanOrEqual(30);
    expect(deployment.spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    const { desiredCount, deploymentConfiguration } = deploymentJson('ecs-service.json');
    expect(desiredCount).toBe(1);
    expect(deploymentConfiguration).toEqual({ minimumHealthyPercent: 0, maximumPercent: 100 });
  });
});

describe('a cluster', () => {
  const { data } = cluster.find(({ kind }) => kind === 'ConfigMap');
  const [pod] = clusterPod.containers;
  const ofPod = Object.fromEntries(pod.env.map(({ name, value }: Known) => [name, value ?? 'headrace-0']));
  const ofTask = Object.fromEntries(
    [...clusterContainer.environment, ...clusterContainer.secrets].map(({ name, value }: Known) => [
      name,
      value ?? 'org.example.ScramLoginModule required username="a" password="b";',
    ]),
  );

  test('of Kubernetes is of workers that are members, each under the name of its pod', async () => {
    const file = put(folder, 'cluster-worker.yaml', data['worker.yaml']);
    const worker = await loadWorkerConfig(file, { ...ofPod, ...secret.stringData });
    expect(isMember(worker)).toBe(true);
    expect(worker.groupInstanceId).toBe('headrace-0');
  });

  test('of ECS is of workers that are members', async () => {
    expect(isMember(await loadWorkerConfig(null, ofTask))).toBe(true);
  });

  test('is more than one worker, of which one at a time is replaced', () => {
    const { desiredCount, deploymentConfiguration } = deploymentJson('ecs-cluster-service.json');
    const { minimumHealthyPercent, maximumPercent } = deploymentConfiguration;
    expect(Math.ceil((desiredCount * minimumHealthyPercent) / 100)).toBe(desiredCount - 1);
    expect(maximumPercent).toBe(100);
    const budget = cluster.find(({ kind }) => kind === 'PodDisruptionBudget');
    expect([statefulSet.spec.replicas, budget.spec.maxUnavailable]).toEqual([3, 1]);
  });

  test('has pods that reach one another where they say they are', () => {
    const services = cluster.filter(({ kind }) => kind === 'Service');
    const headless = services.find(({ spec }) => spec.clusterIP === 'None');
    expect(statefulSet.spec.serviceName).toBe(headless.metadata.name);
    expect(headless.spec.publishNotReadyAddresses).toBe(true);
    expect(ofPod.HEADRACE_REST_ADVERTISED_HOST_NAME).toBe(
      `$(HEADRACE_GROUP_INSTANCE_ID).${headless.metadata.name}`,
    );
    const port = Number(/^listeners: http:\/\/0\.0\.0\.0:(\d+)$/m.exec(data['worker.yaml'])?.[1]);
    const ports = Object.fromEntries(
      pod.ports.map(({ name, containerPort }: Known) => [name, containerPort]),
    );
    expect(ports.rest).toBe(port);
    for (const { spec } of services) expect(spec.ports).toEqual([{ name: 'rest', port, targetPort: 'rest' }]);
    const { ingress, egress } = cluster.find(({ kind }) => kind === 'NetworkPolicy').spec;
    const own = { podSelector: { matchLabels: statefulSet.spec.selector.matchLabels } };
    for (const [rule, side] of [
      [ingress, 'from'],
      [egress, 'to'],
    ] as const) {
      const ofWorkers = rule.find((each: Known) => JSON.stringify(each[side][0]) === JSON.stringify(own));
      expect(ofWorkers.ports).toEqual([{ port: 'rest' }]);
    }
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
