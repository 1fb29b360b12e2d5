import { expect, test } from 'vitest';
import { given, storeOf } from './given.ts';

test.each([
  ['aws-secrets-manager', '@aws-sdk/client-secrets-manager'],
  ['google-secret-manager', '@google-cloud/secret-manager'],
  ['azure-key-vault', '@azure/keyvault-secrets'],
] as const)('%s needs a package, which is told with the command that installs it', async (kind, name) => {
  const told = await given(`\${${kind}:app}`, [storeOf(kind)]);
  expect(told).toContain(`\${${kind}:app}: config.providers: ${kind} needs the package ${name}, which `);
  expect(told).toMatch(new RegExp(`: npm install ${name}$`));
});
