import { describe, expect, onTestFinished, test } from 'vitest';
import { newFeed } from '../cli/support/loaded-feed.ts';
import { healthOf } from '../deployment/support/health.ts';
import type { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { deploymentJson, kubernetesObjects } from './deployment-files.ts';

const [ecsContainer] = deploymentJson('ecs-task.json').containerDefinitions;
const deployment = kubernetesObjects('kubernetes.yaml').find(({ kind }) => kind === 'Deployment');
const [{ startupProbe, livenessProbe, readinessProbe }] = deployment.spec.template.spec.containers;

/** Where a worker listens here: as in the files, at ports that are free. */
const LISTENERS = {
  HEADRACE_LISTENERS: 'http://127.0.0.1:0',
  HEADRACE_METRICS_LISTENERS: 'http://127.0.0.1:0',
};

/** What each check makes of a worker: true where it passes. */
async function checks(rest: string, metrics: string) {
  return {
    ofEcs: (await healthOf(ecsContainer.healthCheck.command.slice(1), rest)) === 0,
    ofStart: await answersWell(metrics + startupProbe.httpGet.path),
    ofLife: await answersWell(metrics + livenessProbe.httpGet.path),
    ofReadiness: await answersWell(metrics + readinessProbe.httpGet.path),
  };
}

/** As a kubelet sees it: any status from 200 to 399. */
async function answersWell(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ status }) => status < 400,
    () => false,
  );
}

/** Its addresses, in the order in which it begins to listen: REST, metrics. */
async function addressesOf(daemon: HeadraceProcess): Promise<[string, string]> {
  const { address: rest } = await daemon.waitFor('REST listening');
  const { address: metrics } = await daemon.waitFor(
    ({ msg, address }) => msg === 'REST listening' && address !== rest,
  );
  return [String(rest), String(metrics)];
}

describe('a health check', () => {
  test('passes while the worker is well, and not when it is gone', async () => {
    const { folder: feed } = await newFeed();
    const daemon = feed.start(LISTENERS);
    const addresses = await addressesOf(daemon);
    await daemon.waitFor('worker started');
    const well = { ofEcs: true, ofStart: true, ofLife: true, ofReadiness: true };
    expect(await checks(...addresses)).toEqual(well);
    await daemon.stop();
    expect(await checks(...addresses)).toEqual({
      ofEcs: false,
      ofStart: false,
      ofLife: false,
      ofReadiness: false,
    });
  });

  test('of life passes while Kafka is away, and that of readiness does not', async () => {
    const { folder: feed } = await newFeed();
    const daemon = feed.start({ ...LISTENERS, HEADRACE_BOOTSTRAP_SERVERS: '127.0.0.1:1' });
    onTestFinished(() => daemon.kill());
    const addresses = await addressesOf(daemon);
    await daemon.waitFor('waiting for Kafka');
    const alive = { ofEcs: true, ofStart: true, ofLife: true, ofReadiness: false };
    expect(await checks(...addresses)).toEqual(alive);
  });
});
