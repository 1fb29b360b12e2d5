import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { KUBERNETES_VERSIONS } from '../../scripts/stack/linters.ts';
import type { Known } from '../docs/deployment-files.ts';
import { ROOT } from '../docs/markdown.ts';
import { linters } from '../support/linters.ts';
import { mistakesIn, objectsIn, podOf } from './support/manifests.ts';
import { unknownVariables } from './support/variables.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const FILES = ['kubernetes', 'kubernetes-load', 'kubernetes-cluster'].map(
  (name) => `config/deployment/${name}.yaml`,
);
const [worker = '', load = '', cluster = ''] = FILES.map(read);
const objects = objectsIn(worker);
const ofKind = (kind: string) => objects.find((object) => object.kind === kind) as Known;
const tools = await linters();

/** `deployment-apps-v1`: the group without its domain. */
function schemaName({ kind, apiVersion }: Known): string {
  const [version, group] = apiVersion.split('/').reverse();
  return [kind.toLowerCase(), group?.split('.')[0], version].filter(Boolean).join('-');
}

describe.skipIf(tools === null).each(KUBERNETES_VERSIONS)('the schemas of Kubernetes %s', (version) => {
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(tools?.kubernetes(version) ?? '', `${name}.json`), 'utf8'));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, inlineRefs: false });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (object: Known) => {
    const name = schemaName(object);
    if (compiled.size === 0) ajv.addSchema(schema('_definitions'));
    compiled.set(name, compiled.get(name) ?? ajv.compile(schema(name)));
    return compiled.get(name) as ValidateFunction;
  };
  const told = (text: string) =>
    objectsIn(text).flatMap((object) => {
      const isValid = validator(object);
      isValid(object);
      return (isValid.errors ?? []).map(({ instancePath, message, params }) =>
        [object.kind, instancePath, message, params.additionalProperty ?? ''].join(' ').trim(),
      );
    });

  test.each(FILES)('have nothing against %s', (path) => {
    expect(told(read(path))).toEqual([]);
  });

  test.each([
    [
      'a field that there is not',
      'fsGroup: 1000',
      'fsGroups: 1000',
      'must NOT have additional properties fsGroups',
    ],
    [
      'a field of one letter less',
      '  strategy:\n',
      '  strateg:\n',
      'Deployment /spec must NOT have additional properties strateg',
    ],
    [
      'a text where a number belongs',
      'replicas: 1',
      'replicas: one',
      'Deployment /spec/replicas must be integer',
    ],
    [
      'nothing where something must be',
      '              port: metrics\n',
      '',
      "httpGet must have required property 'port'",
    ],
    [
      'a field of another kind',
      '  maxUnavailable: 1',
      '  replicas: 1',
      'PodDisruptionBudget /spec must NOT have',
    ],
  ])('are against %s', (_, there, planted, mistake) => {
    const faulty = worker.replace(there, planted);
    expect(faulty).not.toBe(worker);
    expect(told(faulty).join('\n')).toContain(mistake);
  });
});

describe('what runs in a cluster', () => {
  test.each(FILES)('%s: as nobody, with what it needs and no more', (path) => {
    expect(mistakesIn(objectsIn(read(path)))).toEqual([]);
  });

  test.each([
    ['root', 'runAsUser: 1000', 'runAsUser: 0', 'the pod may run as root'],
    [
      'an image of any version',
      'headrace:0.1.0',
      'headrace:latest',
      'registry.example.com/headrace:latest is not pinned',
    ],
    [
      'a root to write to',
      'readOnlyRootFilesystem: true',
      'readOnlyRootFilesystem: false',
      'headrace may write to its root',
    ],
    ['rights', 'drop: [ALL]', 'drop: [NET_RAW]', 'headrace keeps rights that it does not need'],
    ['any system call', 'type: RuntimeDefault', 'type: Unconfined', 'the pod may make any system call'],
    ['no time to end', 'GracePeriodSeconds: 30', 'GracePeriodSeconds: 3', 'the pod has no time to end'],
    [
      'a probe of no port',
      '              port: metrics',
      '              port: rest',
      'headrace has no port rest',
    ],
    [
      'a policy for no port',
      '        - port: metrics',
      '        - port: rest',
      'no container has the port rest',
    ],
    [
      'a budget for nobody',
      /app: headrace\n---\n# In:/,
      'app: header\n---\n# In:',
      'PodDisruptionBudget is for {"app":"header"}, which no pod is',
    ],
    ['no limit of memory', /limits:\n\s+memory: 1Gi/, 'limits: {}', 'headrace says not what it needs'],
    [
      'a volume that there is not',
      '            - name: data\n              mount',
      '            - name: date\n              mount',
      'there is no volume date',
    ],
  ])('is not right with %s', (_, there, planted, mistake) => {
    expect(mistakesIn(objectsIn(worker.replace(there, planted)))).toEqual([mistake]);
  });

  test('is not right with a Service for nobody', () => {
    const faulty = cluster.replace(/(kind: Service\n[\s\S]*?)app: headrace\n/, '$1app: header\n');
    expect(mistakesIn(objectsIn(faulty))).toEqual(['Service is for {"app":"header"}, which no pod is']);
  });

  test('the image is of this version, in all', () => {
    const { version } = JSON.parse(read('package.json'));
    const images = [...objects, ...objectsIn(load), ...objectsIn(cluster)]
      .flatMap((object) => podOf(object)?.containers ?? [])
      .map(({ image }) => image);
    expect(images).toEqual(Array(3).fill(`registry.example.com/headrace:${version}`));
  });

  test('Prometheus and probes ask the port at which the worker tells metrics', () => {
    const { 'metrics.listeners': listeners } = parse(ofKind('ConfigMap').data['worker.yaml']);
    const { metadata, spec } = ofKind('Deployment').spec.template;
    const { port } = new URL(listeners);
    expect(metadata.annotations['prometheus.io/port']).toBe(port);
    expect(spec.containers[0].ports).toEqual([{ name: 'metrics', containerPort: Number(port) }]);
  });

  test('the policy lets the worker reach Kafka where it looks for it', () => {
    const { 'bootstrap.servers': servers } = parse(ofKind('ConfigMap').data['worker.yaml']);
    const [, namespace, , port] = /^[\w-]+\.([\w-]+)\.(svc):(\d+)$/.exec(servers) ?? [];
    const rules: Known[] = ofKind('NetworkPolicy').spec.egress;
    const there = rules.find(
      ({ to }) => to[0].namespaceSelector.matchLabels['kubernetes.io/metadata.name'] === namespace,
    );
    expect(there.ports.map((each: Known) => each.port)).toContain(Number(port));
  });
});

test('what ECS and Batch give as variables of a worker are some', () => {
  const [task] = JSON.parse(read('config/deployment/ecs-task.json')).containerDefinitions;
  const [member] = JSON.parse(read('config/deployment/ecs-cluster-task.json')).containerDefinitions;
  const { containerProperties: job } = JSON.parse(read('config/deployment/batch-job.json'));
  const given = [task, member, job]
    .flatMap(({ environment, secrets }) => [...environment, ...secrets])
    .map(({ name }) => name);
  given.push(
    ...objectsIn(cluster)
      .flatMap((object) => podOf(object)?.containers ?? [])
      .flatMap(({ env }) => env.map(({ name }: Known) => name)),
  );
  expect(given.length).toBeGreaterThan(5);
  expect(unknownVariables(given)).toEqual([]);
});
