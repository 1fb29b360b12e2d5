// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references to stores are written like this.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VAULT_ROOT_TOKEN } from '../../../scripts/stack/vault.ts';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { askStores } from '../../../src/config/secrets/ask-stores.ts';
import { startTestVault, type TestVault, vaultServes } from '../../support/vault.ts';
import { given, storeOf } from './given.ts';

describe.runIf(await vaultServes())('Vault', () => {
  let vault: TestVault;
  let token: string;
  beforeAll(async () => {
    vault = await startTestVault();
    await vault.call('POST', 'sys/mounts/old', { type: 'kv', options: { version: '1' } });
    await vault.call('POST', 'sys/mounts/team/kv', { type: 'kv', options: { version: '2' } });
    await vault.call('POST', 'secret/data/app', { data: { user: 'ann', pin: 7 } });
    await vault.call('POST', 'secret/data/über uns', { data: { user: 'eva' } });
    await vault.call('POST', 'secret/data/my/data/app', { data: { user: 'dan' } });
    await vault.call('POST', 'secret/data/gone', { data: { user: 'ann' } });
    await vault.call('DELETE', 'secret/data/gone');
    await vault.call('POST', 'secret/data/forbidden', { data: { user: 'ann' } });
    await vault.call('POST', 'old/app', { user: 'olga' });
    await vault.call('POST', 'team/kv/data/app', { data: { user: 'bob' } });
    await vault.call('POST', 'sys/namespaces/team-a', {});
    const teamA = { 'X-Vault-Namespace': 'team-a' };
    await vault.call('POST', 'sys/mounts/secret', { type: 'kv', options: { version: '2' } }, teamA);
    await vault.call('POST', 'secret/data/app', { data: { user: 'nora' } }, teamA);
    token = await vault.tokenFor(['secret/data/+', 'secret/data/my/*', 'old/app', 'team/kv/data/*']);
  });
  afterAll(() => vault?.stop());

  const ask = (path: string, params: Readonly<Record<string, string>> = {}) =>
    given(`\${vault:${path}}`, [storeOf('vault', { address: vault.address, token, ...params })]);
  /** What follows the reference where there is no secret. */
  const refusal = async (path: string, params?: Readonly<Record<string, string>>) => {
    const told = await ask(path, params);
    expect(told).toMatch(/^\$\{vault:[^}]+\}: .+$/);
    return told?.replace(vault.address, 'VAULT').replace(`\${vault:${path}}: `, '');
  };

  test.each([
    ['secret/app:user', 'ann'],
    ['secret/app:pin', '7'],
    ['secret/data/app:user', 'ann'],
    ['secret/über uns:user', 'eva'],
    ['secret/my/data/app:user', 'dan'],
    ['team/kv/data/app:user', 'bob'],
    ['team/kv/app:user', 'bob'],
    ['old/app:user', 'olga'],
  ])('gives %s of whichever version its engine is, wherever it is mounted', async (path, value) => {
    expect(await ask(path)).toBe(value);
  });

  test('gives what is in a namespace to who names it', async () => {
    const asRoot = { token: VAULT_ROOT_TOKEN };
    expect(await ask('secret/app:user', { ...asRoot, namespace: 'team-a' })).toBe('nora');
    expect(await refusal('secret/app:user', { ...asRoot, namespace: 'team-b' })).toBe(
      'Vault at VAULT has no secret secret/data/app (namespace not found)',
    );
  });

  test.each([
    ['secret/app:usr', 'the secret has no key usr; did you mean user?'],
    ['secret/app', 'expected a path, a colon and a key: a secret there has several'],
    ['secret/nope:x', 'Vault at VAULT has no secret secret/data/nope'],
    ['secret/data/nope:x', 'Vault at VAULT has no secret secret/data/nope'],
    ['secret/gone:user', 'Vault at VAULT has no secret secret/data/gone any more: it was deleted'],
  ])('tells why there is none of %s', async (path, words) => {
    expect(await refusal(path)).toBe(words);
  });

  test('tells what policy is missing, and the same of a token that is not valid', async () => {
    const words = (path: string) =>
      `Vault at VAULT forbids it; the token must be valid, with a policy that reads ${path}`;
    expect(await refusal('secret/a/b:user')).toBe(words('secret/data/a/b'));
    expect(await refusal('old/other:user')).toBe(words('old/other'));
    expect(await refusal('secret/app:user', { token: 's.wrong' })).toBe(words('secret/data/app'));
  });

  test('is asked for a secret once, and not again by who loads the same entries', async () => {
    const once = await vault.tokenFor(['secret/data/app'], 1);
    const stores = [storeOf('vault', { address: vault.address, token: once })];
    const written = { a: '${vault:secret/app:user}', b: '${vault:secret/app:pin}' };
    const asked = await askStores(entriesOf(written, 'feed.yaml'), stores, {});
    const again = await askStores(asked, stores, {});
    expect([...(again.given ?? [])]).toEqual([
      [written.a, { value: 'ann' }],
      [written.b, { value: '7' }],
    ]);
    expect(await refusal('secret/app:user', { token: once })).toContain('forbids it');
  });

  test('tells that it is sealed', async () => {
    await vault.call('PUT', 'sys/seal');
    expect(await refusal('secret/app:user')).toBe('Vault at VAULT answered 503 (Vault is sealed)');
  });
});

describe('a Vault that cannot be asked', () => {
  const params = { address: 'http://127.0.0.1:1', token: 's.sesame' };
  const refusal = (changes: Readonly<Record<string, string>>, environment = {}) => {
    const { token, ...withoutToken } = params;
    const all = { ...('token.file' in changes ? withoutToken : params), ...changes };
    return given('${vault:secret/app:user}', [storeOf('vault', all)], environment);
  };

  test.each([
    [{ address: 'http://127.0.0.1:1' }, 'Vault at http://127.0.0.1:1 does not answer (bad port)'],
    [{ address: '' }, "where is Vault? Set the provider's param.address, or VAULT_ADDR"],
    [{ address: 'vault:8200' }, 'expected the address of Vault as https://vault.example.com:8200, without '],
    [
      { address: 'http://me:sesame@vault' },
      'expected the address of Vault as https://vault.example.com:8200',
    ],
    [{ 'token.file': '/no/such/file' }, 'the token.file /no/such/file cannot be read (ENOENT)'],
    [{ token: 's.sesame\nopen' }, 'the token for Vault is none: expected letters, digits and signs in '],
    [{ token: '' }, 'the token for Vault is none: expected letters, digits and signs in one line'],
  ])('is told in a line, without secrets: %j', async (changes, words) => {
    const told = await refusal(changes as Record<string, string>);
    expect(told).toContain(`\${vault:secret/app:user}: ${words}`);
    expect(told).not.toMatch(/sesame|\n/);
  });
});
