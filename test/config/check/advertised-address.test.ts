import { expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { renderProblem } from '../../../src/config/read/problem.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';

function mistakesOf(flat: Record<string, string>): string[] {
  const given = { 'bootstrap.servers': 'a:1', listeners: 'http://127.0.0.1:8083', ...flat };
  return parseWorkerConfig(entriesOf(given, 'worker.yaml'), {}).problems.map(renderProblem);
}

test.each([
  { 'rest.advertised.host.name': 'worker-1.headrace.svc' },
  { 'rest.advertised.host.name': '10.0.0.7' },
  { 'rest.advertised.host.name': '2001:db8::1' },
  { 'rest.advertised.port': '30083' },
  { 'rest.advertised.listener': 'http' },
])('%j is an address of a worker', (flat) => {
  expect(mistakesOf(flat as unknown as Record<string, string>)).toEqual([]);
});

test.each([
  ['rest.advertised.host.name', '', 'the name or address of one machine'],
  ['rest.advertised.host.name', 'http://worker-1', 'the name or address of one machine'],
  ['rest.advertised.host.name', 'worker-1:8083', 'the name or address of one machine'],
  ['rest.advertised.host.name', '0.0.0.0', 'the name or address of one machine'],
  ['rest.advertised.host.name', '::', 'the name or address of one machine'],
  ['rest.advertised.host.name', '[::1]', 'the name or address of one machine'],
  ['rest.advertised.port', '0', '1 to 65535, got 0'],
  ['rest.advertised.port', '65536', '1 to 65535, got 65536'],
  ['rest.advertised.listener', 'https', 'the protocol of one of the listeners, got https'],
  ['rest.advertised.listener', 'HTTPS', 'one of http, https'],
])('%s: %j is a mistake, which is told', (key, value, expected) => {
  const mistakes = mistakesOf({ [key]: value });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toContain(`${key}: expected ${expected}`);
});
