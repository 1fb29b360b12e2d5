// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to stores are written like this.
import { afterAll, expect, test } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { resolveEntries } from '../../../src/config/read/config-providers.ts';
import { askStores } from '../../../src/config/secrets/ask-stores.ts';
import type { SecretStore } from '../../../src/config/secrets/secret-store.ts';
import { startVault, VAULT_TOKEN } from '../../support/vault-server.ts';

const vault = await startVault({
  'secret/data/app': { user: 'ann', pin: 7 },
  'kv/team/data/app': { user: 'bob' },
});
afterAll(() => vault.stop());

const of = (name: string, kind: SecretStore['kind'], params: Record<string, string> = {}): SecretStore => ({
  name,
  kind,
  params,
});
const STORES = [
  of('vault', 'vault', { address: `${vault.address}/`, token: VAULT_TOKEN }),
  of('stranger', 'vault', { address: vault.address, token: 'wrong' }),
  of('away', 'vault', { address: 'http://127.0.0.1:1', token: VAULT_TOKEN }),
  of('nowhere', 'vault', { token: VAULT_TOKEN }),
  of('untold', 'vault', { address: vault.address, 'token.file': '/no/such/file' }),
  of('aws', 'aws-secrets-manager'),
  of('google', 'google-secret-manager'),
  of('azure', 'azure-key-vault', { 'vault.url': 'https://x.vault.azure.net' }),
];

async function resolved(text: string): Promise<string | null | undefined> {
  const asked = await askStores(entriesOf({ key: text }, 'feed.yaml'), STORES, {});
  const { entries, problems } = resolveEntries(asked, { environment: {}, allowedPaths: [] });
  return problems[0]?.message ?? entries.get('key')?.value;
}

test.each([
  ['${vault:secret/app:user}:${vault:secret/app:pin}', 'ann:7'],
  ['${vault:secret/data/app:user}', 'ann'],
  ['${vault:kv/team/data/app:user}', 'bob'],
  ['${vault:secret/app:usr}', '${vault:secret/app:usr}: the secret has no key usr; did you mean user?'],
  [
    '${vault:secret/app}',
    '${vault:secret/app}: expected a path, a colon and a key: a secret there has several',
  ],
  [
    '${vault:secret/nope:x}',
    `\${vault:secret/nope:x}: Vault at ${vault.address} has no secret secret/data/nope`,
  ],
  [
    '${stranger:secret/app:user}',
    `\${stranger:secret/app:user}: Vault at ${vault.address} forbids it; the token must be valid, with a policy that reads secret/data/app`,
  ],
  [
    '${away:secret/app:user}',
    '${away:secret/app:user}: Vault at http://127.0.0.1:1 does not answer (bad port)',
  ],
  [
    '${nowhere:secret/app:user}',
    "${nowhere:secret/app:user}: where is Vault? Set the provider's param.address, or VAULT_ADDR",
  ],
  [
    '${untold:secret/app:user}',
    '${untold:secret/app:user}: the token.file /no/such/file cannot be read (ENOENT)',
  ],
])('%s gives %s', async (text, expected) => {
  expect(await resolved(text)).toBe(expected);
});

test.each([
  ['${aws:app:user}', '@aws-sdk/client-secrets-manager'],
  ['${google:app}', '@google-cloud/secret-manager'],
  ['${azure:app}', '@azure/keyvault-secrets'],
])('%s needs a package, which is told with the command that installs it', async (reference, name) => {
  const [store] = /\w+/.exec(reference) ?? [];
  expect(await resolved(reference)).toMatch(
    `${reference}: config.providers: ${store} needs the package ${name}, which `,
  );
  expect(await resolved(reference)).toMatch(new RegExp(`: npm install ${name}$`));
});

test('a secret is asked for once, and not again by who loads the same entries', async () => {
  const before = vault.asked.length;
  const written = entriesOf({ a: '${vault:secret/app:user}', b: '${vault:secret/app:pin}' }, 'feed.yaml');
  const asked = await askStores(written, STORES, {});
  await askStores(asked, STORES, {});
  expect(vault.asked.slice(before)).toEqual(['/v1/secret/data/app']);
});
