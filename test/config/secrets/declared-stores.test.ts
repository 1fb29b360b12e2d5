// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to stores are written like this.
import { expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig } from '../../../src/config/worker-config.ts';

function read(flat: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}) {
  return parseWorkerConfig(entriesOf({ 'bootstrap.servers': 'a:1', ...flat }, 'worker.yaml'), environment);
}

test("stores are declared by Kafka Connect's keys, by their own name or by a class", () => {
  const { config, problems } = read(
    {
      'config.providers': 'vault, prod, file, env',
      'config.providers.vault.param.address': '${env:WHERE}',
      'config.providers.prod.class': 'aws-secrets-manager',
      'config.providers.prod.param.region': 'eu-west-1',
      'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
      'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    },
    { WHERE: 'http://vault:8200' },
  );
  expect(problems).toEqual([]);
  expect(config?.secretStores).toEqual([
    { name: 'vault', kind: 'vault', params: { address: 'http://vault:8200' } },
    { name: 'prod', kind: 'aws-secrets-manager', params: { region: 'eu-west-1' } },
  ]);
});

test.each([
  [
    { 'config.providers': 'valt' },
    'config.providers.valt.class: expected one of vault, aws-secrets-manager, google-secret-manager, azure-key-vault, got valt; did you mean vault?',
  ],
  [
    { 'config.providers': 'vault', 'config.providers.vault.param.adress': 'x' },
    'config.providers.vault.param.adress: unknown key; expected config.providers.vault.class, config.providers.vault.param.address, config.providers.vault.param.token, config.providers.vault.param.token.file, config.providers.vault.param.namespace; did you mean config.providers.vault.param.address?',
  ],
  [
    { 'config.providers': 'azure-key-vault' },
    'config.providers.azure-key-vault.param.vault.url: is required but not set (https://NAME.vault.azure.net)',
  ],
  [
    { 'config.providers': 'azure-key-vault', 'config.providers.azure-key-vault.param.vault.url': 'NAME' },
    'config.providers.azure-key-vault.param.vault.url: expected an address such as https://NAME.vault.azure.net',
  ],
  [
    { 'config.providers.vault.param.address': 'x' },
    'config.providers.vault.param.address: unknown key; config.providers names no such provider',
  ],
  [
    {
      'config.providers': 'secrets',
      'config.providers.secrets.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
    },
    'config.providers.secrets.class: is here as dir; write ${dir:…} for ${secrets:…}',
  ],
])('%j is a mistake that is told in a line', (flat, expected) => {
  const { problems } = read(flat as Record<string, string>);
  expect(problems.map(({ key, message }) => `${key}: ${message}`)).toEqual([expected]);
});
