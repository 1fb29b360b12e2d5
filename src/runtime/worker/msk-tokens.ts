import type { AwsLogin } from '../../config/define/jaas-config.ts';
import { messageOf } from '../../errors.ts';
import { NoLogin, type TokenLogin } from '../../kafka/connection/login.ts';
import { KeptToken, type Token } from '../../kafka/tokens/kept-token.ts';
import { loadSdk } from '../../values/load-sdk.ts';

/** Where the region stands in the names of Amazon's brokers. */
const HOST = /\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
const WANTED_BY = 'sasl.mechanism: AWS_MSK_IAM';

/** Tokens for Amazon MSK: a request to it, signed with credentials of AWS. They are kept by region. */
export function mskTokens(login: AwsLogin): TokenLogin['token'] {
  const byRegion = new Map<string, KeptToken>();
  return async ({ host }) => {
    const region = regionOf(host);
    const kept = byRegion.get(region) ?? new KeptToken(() => signedToken(region, login));
    byRegion.set(region, kept);
    return kept.get();
  };
}

/** An address of one's own may stand for a broker, whose region only the user knows then. */
function regionOf(host: string): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const region = HOST.exec(host)?.[1] || AWS_REGION || AWS_DEFAULT_REGION;
  if (region) return region;
  throw new NoLogin(
    'KAFKA_DENIED',
    `${WANTED_BY} needs a region, which ${host} does not name as brokers of Amazon MSK do; set AWS_REGION.`,
  );
}

async function signedToken(region: string, login: AwsLogin): Promise<Token> {
  const { awsProfileName, awsRoleArn, awsRoleSessionName } = login;
  const signer = await loadSdk(
    'aws-msk-iam-sasl-signer-js',
    WANTED_BY,
    () => import('aws-msk-iam-sasl-signer-js'),
  );
  try {
    const session = awsRoleSessionName === null ? {} : { awsRoleSessionName };
    const { token, expiryTime } =
      awsRoleArn !== null
        ? await signer.generateAuthTokenFromRole({ region, awsRoleArn, ...session })
        : awsProfileName !== null
          ? await signer.generateAuthTokenFromProfile({ region, awsProfileName })
          : await signer.generateAuthToken({ region });
    return { value: token, lifetimeMs: expiryTime - Date.now() };
  } catch (error) {
    const isMissing = (error as Error).name === 'CredentialsProviderError';
    throw new NoLogin(
      isMissing ? 'KAFKA_DENIED' : 'KAFKA_UNAVAILABLE',
      `Signing in to Amazon MSK in ${region} failed: ${messageOf(error)}. See that AWS has credentials for this process.`,
      { cause: error },
    );
  }
}
