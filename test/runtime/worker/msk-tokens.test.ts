import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type AwsLogin, parseAwsLogin } from '../../../src/config/define/jaas-config.ts';
import { mskTokens } from '../../../src/runtime/worker/msk-tokens.ts';

const folder = mkdtempSync(join(tmpdir(), 'headrace-msk-'));
const BROKER = { host: 'b-1.market.abc.c2.kafka.eu-west-1.amazonaws.com', port: 9098 };
const PROFILES = '[ingest]\naws_access_key_id = AKIAINGEST\naws_secret_access_key = secret\n';

beforeEach(() => {
  writeFileSync(join(folder, 'credentials'), PROFILES);
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASTATIC');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hunter2');
  vi.stubEnv('AWS_REGION', '');
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

function tokens(jaas: string) {
  return mskTokens(parseAwsLogin(`software.amazon.msk.auth.iam.IAMLoginModule required${jaas};`) as AwsLogin);
}

/** A token is the address of a request that AWS can check, in base64. */
function addressIn(token: string): URL {
  return new URL(Buffer.from(token, 'base64url').toString());
}

test('a token is a request to connect, signed by the credentials of the environment for the region of the broker', async () => {
  const { origin, searchParams } = addressIn(await tokens('')(BROKER));
  expect(origin).toBe('https://kafka.eu-west-1.amazonaws.com');
  expect(searchParams.get('Action')).toBe('kafka-cluster:Connect');
  expect(searchParams.get('X-Amz-Credential')).toMatch(
    /^AKIASTATIC\/\d{8}\/eu-west-1\/kafka-cluster\/aws4_request$/,
  );
  expect(searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
});

test('it is kept for the brokers of a region', async () => {
  const token = tokens('');
  const first = await token(BROKER);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOTHER');
  expect(await token({ ...BROKER, host: BROKER.host.replace('b-1', 'b-2') })).toBe(first);
  const elsewhere = await token({ ...BROKER, host: 'boot-x.c1.kafka-serverless.us-east-1.amazonaws.com' });
  expect(addressIn(elsewhere).hostname).toBe('kafka.us-east-1.amazonaws.com');
});

test('a profile signs in the place of the environment', async () => {
  const { searchParams } = addressIn(await tokens(' awsProfileName="ingest"')(BROKER));
  expect(searchParams.get('X-Amz-Credential')).toMatch(/^AKIAINGEST\//);
});

test('one that does not exist is told, for good', async () => {
  const missing = tokens(' awsProfileName="nobody"')(BROKER);
  await expect(missing).rejects.toMatchObject({ code: 'KAFKA_DENIED', retriable: false });
  await expect(missing).rejects.toThrow(
    /^Signing in to Amazon MSK in eu-west-1 failed: .*nobody.*\. See that AWS has credentials for this process\.$/,
  );
});

test('a broker whose name tells no region needs AWS_REGION', async () => {
  const own = { host: 'kafka.example.com', port: 9098 };
  await expect(tokens('')(own)).rejects.toThrow(
    'kafka.example.com does not name as brokers of Amazon MSK do; set AWS_REGION',
  );
  vi.stubEnv('AWS_REGION', 'eu-north-1');
  expect(addressIn(await tokens('')(own)).hostname).toBe('kafka.eu-north-1.amazonaws.com');
});

test('what the login module does not know is refused', () => {
  expect(parseAwsLogin('IAMLoginModule required awsStsRegion="x";')).toEqual({
    mistake: 'knows no awsStsRegion; expected awsProfileName, awsRoleArn, awsRoleSessionName or nothing',
  });
});
