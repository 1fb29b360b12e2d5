import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { validateFiles } from '../../src/cli/validate/validate.ts';
import { ROOT } from '../docs/markdown.ts';
import { linters } from '../support/linters.ts';
import { composed, mistakesIn, mounted, type Service } from './support/compose.ts';
import { unknownVariables } from './support/variables.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const FILES = ['docker-compose.yml', 'scripts/stack/docker-compose.yml'];
const text = read('docker-compose.yml');
const { services } = composed(text);
const { headrace, prometheus, grafana } = services as Record<string, Service>;
const tools = await linters();

describe.skipIf(tools === null)("the Compose Specification's schema", () => {
  const schema = tools === null ? {} : JSON.parse(readFileSync(tools.compose, 'utf8'));
  const isValid = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  const told = (compose: string) => {
    isValid(parse(compose));
    return (isValid.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, params.additionalProperty ?? params.unevaluatedProperty].join(' ').trim(),
    );
  };

  test.each(FILES)('has nothing against %s', (path) => {
    expect(told(read(path))).toEqual([]);
  });

  test.each([
    [
      'a key that there is not',
      '    stop_grace_period: 30s',
      '    stop_grace_seconds: 30',
      'stop_grace_seconds',
    ],
    [
      'a text where a list belongs',
      'cap_drop: [ALL]',
      'cap_drop: ALL',
      '/services/headrace/cap_drop must be array',
    ],
    [
      'a condition that there is not',
      'condition: service_healthy',
      'condition: healthy',
      'condition must be equal to one of',
    ],
    [
      'a section that there is not',
      '\nvolumes:\n',
      '\nvolume:\n',
      'must NOT have additional properties volume',
    ],
  ])('is against %s', (_, there, planted, mistake) => {
    const faulty = text.replace(there, planted);
    expect(faulty).not.toBe(text);
    expect(told(faulty).join('\n')).toContain(mistake);
  });
});

describe('docker compose up', () => {
  test('starts what there is, of versions that stay, for this machine alone', () => {
    expect(mistakesIn(composed(text))).toEqual([]);
    expect(Object.keys(services).sort()).toEqual(
      ['files', 'grafana', 'headrace', 'kafka', 'kafka-ui', 'prometheus', 'registry'].sort(),
    );
  });

  test.each([
    ['an image of any version', 'grafana:12.4.4', 'grafana:latest', 'grafana/grafana:latest is not pinned'],
    ['a port for all', '127.0.0.1:8083:8083', '8083:8083', '8083:8083 is for others than this machine'],
    ['a port that nothing listens on', ':3000:3000', ':3000:3001', 'grafana does not listen on 3001'],
    [
      'a file that is not there',
      './config/monitoring/grafana-d',
      './config/monitoring/d',
      './config/monitoring/dashboard.json is mounted, and is not there',
    ],
    [
      'an address of nobody',
      'BOOTSTRAPSERVERS: kafka:',
      'BOOTSTRAPSERVERS: broker:',
      'KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS names broker, which there is not',
    ],
    [
      'an address at another port',
      'SERVERS: kafka:19092',
      'SERVERS: kafka:19093',
      'HEADRACE_BOOTSTRAP_SERVERS: kafka does not listen on 19093',
    ],
    [
      'a need of nobody',
      '      - prometheus\n',
      '      - prometheu\n',
      'grafana needs prometheu, which there is not',
    ],
    ['all rights', '    read_only: true', '    privileged: true', 'headrace may do too much'],
  ])('is not right with %s', (_, there, planted, mistake) => {
    expect(mistakesIn(composed(text.replace(there, planted)))).toEqual([mistake]);
  });

  test('has the image of this version', () => {
    const { version } = JSON.parse(read('package.json'));
    expect([headrace?.image, services.files?.image]).toEqual(Array(2).fill(`headrace:${version}`));
  });

  test('gives the worker variables that it knows, and a feed that validates', async () => {
    const environment = headrace?.environment as Record<string, string>;
    expect(unknownVariables(Object.keys(environment))).toEqual([]);
    expect(unknownVariables(['HEADRACE_LISTENER'])).toEqual(['HEADRACE_LISTENER']);
    let told = '';
    const stderr = { write: (line: string) => (told += line) };
    const files = ['config/deployment/worker.yaml', 'examples/compose/feeds/trades.yaml'];
    await validateFiles(
      files.map((path) => join(ROOT, path)),
      { environment, stdout: { write() {} }, stderr },
    );
    expect(told).toBe('');
  });

  test('gives the worker more time to end than it takes', () => {
    expect(parse(text).services.headrace.stop_grace_period).toBe('30s');
  });

  test('has Prometheus ask the worker, and know its alerts', () => {
    const config = parse(read(mounted(prometheus as Service, '/etc/prometheus/prometheus.yml') as string));
    const rules: string[] = config.rule_files;
    expect(rules.map((path) => mounted(prometheus as Service, path))).toEqual([
      'config/monitoring/prometheus-alerts.yaml',
    ]);
    const { port } = new URL(String(headrace?.environment?.HEADRACE_METRICS_LISTENERS));
    expect(config.scrape_configs[0].static_configs[0].targets).toEqual([`headrace:${port}`]);
  });

  test('has Grafana find Prometheus, and the dashboard', () => {
    const { GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: home = '' } = grafana?.environment ?? {};
    expect(mounted(grafana as Service, String(home))).toBe('config/monitoring/grafana-dashboard.json');
    const provisioned = (folder: string) =>
      parse(read(mounted(grafana as Service, `/etc/grafana/provisioning/${folder}/headrace.yaml`) as string));
    const [provider] = provisioned('dashboards').providers;
    expect(String(home).startsWith(`${provider.options.path}/`)).toBe(true);
    const [source] = provisioned('datasources').datasources;
    expect([source.type, source.url]).toEqual(['prometheus', 'http://prometheus:9090']);
  });
});

const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;
test.skipIf(!hasPromtool)('promtool finds nothing wrong with the configuration of Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-prometheus-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'prometheus.yml');
  const rules = join(ROOT, 'config/monitoring/prometheus-alerts.yaml');
  writeFileSync(
    path,
    read('examples/compose/prometheus.yml').replace('/etc/prometheus/headrace-alerts.yaml', rules),
  );
  const { status, stdout } = spawnSync('promtool', ['check', 'config', path], { encoding: 'utf8' });
  expect(status, stdout).toBe(0);
});

test.each(FILES)('every image of %s is of one version, where there are tags by version', (path) => {
  const images = Object.values(parse(read(path)).services as Record<string, Service>).flatMap(
    ({ image }) => image ?? [],
  );
  expect(images.filter((image) => !/:v?\d+\.\d+\.\d+/.test(image))).toEqual(
    path.startsWith('scripts') ? ['atmoz/sftp:alpine'] : [],
  );
});
