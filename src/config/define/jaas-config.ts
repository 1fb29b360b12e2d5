/** What `sasl.jaas.config` holds for PLAIN and SCRAM. */
export interface Password {
  readonly username: string;
  readonly password: string;
}

/** What it holds for OAUTHBEARER. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
}

/** What it may hold for AWS_MSK_IAM: where credentials are, other than where AWS looks for them by itself. */
export interface AwsLogin {
  readonly awsProfileName: string | null;
  readonly awsRoleArn: string | null;
  readonly awsRoleSessionName: string | null;
}

/** Never shows what was written. */
export interface JaasMistake {
  readonly mistake: string;
}

const MODULE = /^\s*([\w.$]*LoginModule)\s+required\b/;
const PAIR = /(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g;

/** Reads `…LoginModule required username="…" password="…";`. */
export function parsePassword(text: string): Password | JaasMistake {
  const options = optionsIn(text, ['username', 'password']);
  if ('mistake' in options) return options;
  return { username: options.get('username') as string, password: options.get('password') as string };
}

/** Reads `…LoginModule required clientId="…" clientSecret="…" scope="…";`, of which the last may be left out. */
export function parseClientCredentials(text: string): ClientCredentials | JaasMistake {
  const options = optionsIn(text, ['clientId', 'clientSecret']);
  if ('mistake' in options) return options;
  return {
    clientId: options.get('clientId') as string,
    clientSecret: options.get('clientSecret') as string,
    scope: options.get('scope') ?? null,
  };
}

const OF_AWS = ['awsProfileName', 'awsRoleArn', 'awsRoleSessionName'] as const;

/** Reads `…LoginModule required;`, in which a profile or a role may be named. */
export function parseAwsLogin(text: string): AwsLogin | JaasMistake {
  const options = optionsIn(text, []);
  if ('mistake' in options) return options;
  const unknown = [...options.keys()].find((name) => !(OF_AWS as readonly string[]).includes(name));
  if (unknown !== undefined)
    return { mistake: `knows no ${unknown}; expected ${OF_AWS.join(', ')} or nothing` };
  const [awsProfileName, awsRoleArn, awsRoleSessionName] = OF_AWS.map((name) => options.get(name) ?? null);
  return { awsProfileName, awsRoleArn, awsRoleSessionName } as AwsLogin;
}

function optionsIn(text: string, required: readonly string[]): ReadonlyMap<string, string> | JaasMistake {
  const example = `…LoginModule required${required.map((name) => ` ${name}="…"`).join('')};`;
  const module = MODULE.exec(text);
  if (module === null) return { mistake: `does not begin with …LoginModule required; expected ${example}` };
  if (!text.trimEnd().endsWith(';')) return { mistake: `lacks the ; at the end; expected ${example}` };
  const options = new Map<string, string>();
  for (const [, name, quoted, bare] of text.slice(module[0].length).matchAll(PAIR)) {
    options.set(name as string, quoted === undefined ? (bare as string) : quoted.replaceAll(/\\(.)/g, '$1'));
  }
  const missing = required.find((name) => !options.has(name));
  return missing === undefined ? options : { mistake: `lacks ${missing}="…"; expected ${example}` };
}
