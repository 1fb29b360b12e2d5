import { describe, expect, onTestFinished, test } from 'vitest';
import { newFeed } from '../cli/support/loaded-feed.ts';
import { healthOf } from '../deployment/support/health.ts';
import { deploymentJson, kubernetesObjects } from './deployment-files.ts';

const [ecsContainer] = deploymentJson('ecs-task.json').containerDefinitions;
const deployment = kubernetesObjects('kubernetes.yaml').find(({ kind }) => kind === 'Deployment');

describe('a health check', () => {
  const [{ livenessProbe, readinessProbe }] = deployment.spec.template.spec.containers;
  const checks: [string, string[]][] = [
    ['of ECS', ecsContainer.healthCheck.command.slice(1)],
    ['of life', livenessProbe.exec.command],
    ['of readiness', readinessProbe.exec.command],
  ];

  test('passes while the worker is well, and not when it is gone', async () => {
    const { folder: feed } = await newFeed();
    const daemon = feed.start({ HEADRACE_LISTENERS: 'http://127.0.0.1:0' });
    const { address } = await daemon.waitFor('REST listening');
    await daemon.waitFor('worker started');
    for (const [name, command] of checks)
      expect([name, await healthOf(command, String(address))]).toEqual([name, 0]);
    await daemon.stop();
    for (const [name, command] of checks)
      expect([name, await healthOf(command, String(address))]).toEqual([name, 1]);
  });

  test('of life passes while Kafka is away, and that of readiness does not', async () => {
    const { folder: feed } = await newFeed();
    const away = { HEADRACE_LISTENERS: 'http://127.0.0.1:0', HEADRACE_BOOTSTRAP_SERVERS: '127.0.0.1:1' };
    const daemon = feed.start(away);
    onTestFinished(() => daemon.kill());
    const { address } = await daemon.waitFor('REST listening');
    await daemon.waitFor('waiting for Kafka');
    const codes = checks.map(async ([name, command]) => [name, await healthOf(command, String(address))]);
    expect(await Promise.all(codes)).toEqual([
      ['of ECS', 0],
      ['of life', 0],
      ['of readiness', 1],
    ]);
  });
});
