import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConfigDefinition, ConfigProblem, ConfigValues } from '../../src/plugin/index.ts';
import { HeadraceError } from '../../src/plugin/index.ts';
import { type AzureConnection, azureConnection, checkAzureConnection } from '../azure-blob/connection.ts';
import { gcsConnection } from '../gcs/connection.ts';
import { checkS3Connection, s3Connection } from '../s3/connection.ts';
import { checkSftpOptions, type SftpValues, sftpOptions } from '../sftp/options.ts';
import type { FileUrl } from './file-url.ts';

/*
 * How the places are reached that URLs name: the options that the connectors of these places have, but for the place
 * itself, which the URL says.
 */

const { sftpHost: _host, sftpUser: _user, ...sftp } = sftpOptions;

const connections = {
  ...briefly(s3Connection, 'Of inputs that are `s3://` URLs, as the connector s3 has it.'),
  ...briefly(gcsConnection, 'Of inputs that are `gs://` URLs, as the connector gcs has it.'),
  ...briefly(azureConnection, 'Of inputs that are `az://` URLs, as the connector azure-blob has it.'),
  ...briefly(sftp, 'Of inputs that are `sftp://` URLs, as the connector sftp has it.'),
  sftpUser: {
    doc: 'Of inputs that are `sftp://` URLs without a user. Not set: the name of the user who runs this.',
    format: 'string',
    default: null,
  },
} as const satisfies ConfigDefinition;

/** Options of whoever takes URLs. What each means is told where its connector is. */
export const connectionOptions: typeof connections = connections;

export type Connection = ConfigValues<typeof connections>;

/** What `values` say of connections, as those of a feed for one of these places do; what they do not say is as by default. */
export function connectionOf(values: Readonly<Record<string, unknown>>): Connection {
  const options = Object.entries<ConfigDefinition[string]>(connectionOptions);
  const given = options.map(([name, option]) => [name, values[name] ?? option.default]);
  return Object.fromEntries(given) as Connection;
}

/** What is wrong with it. */
export function* checkConnection(connection: Connection): Generator<ConfigProblem> {
  yield* checkS3Connection(connection);
  yield* checkSftpOptions(sftpValues(connection, { host: '', user: null, port: null }));
  const names = Object.keys(azureConnection) as (keyof AzureConnection)[];
  if (names.some((name) => connection[name] !== null)) yield* checkAzureConnection(connection);
}

/**
 * How an account is reached: where nothing is said of it, as the environment has it for Azure's own command line
 * (https://learn.microsoft.com/cli/azure/azure-cli-configuration).
 *
 * @throws HeadraceError CONFIG_INVALID when nothing names an account
 */
export function azureValues(connection: Connection, base: string): AzureConnection {
  const isNamed = (values: AzureConnection) =>
    values.azureConnectionString ?? values.azureAccount ?? values.azureEndpoint;
  if (isNamed(connection) !== null) return connection;
  const { env } = process;
  const given = env.AZURE_STORAGE_CONNECTION_STRING ?? null;
  const values = {
    ...connection,
    azureConnectionString: given,
    azureAccount: env.AZURE_STORAGE_ACCOUNT ?? null,
    azureAccountKey: connection.azureAccountKey ?? env.AZURE_STORAGE_KEY ?? null,
    azureSasToken: connection.azureSasToken ?? env.AZURE_STORAGE_SAS_TOKEN ?? null,
  };
  if (isNamed(values) !== null) return values;
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${base}: of which account? Set azure.account or azure.connection.string in a feed, or ` +
      'AZURE_STORAGE_ACCOUNT or AZURE_STORAGE_CONNECTION_STRING in the environment',
  );
}

/** How a server is reached: what the URL does not say is as for ssh. */
export function sftpValues(
  connection: Connection,
  { host, user, port }: Pick<FileUrl, 'host' | 'user' | 'port'>,
): SftpValues {
  const { sftpPassword, sftpPrivateKey, sftpAgent } = connection;
  const hasWay = sftpPassword !== null || sftpPrivateKey !== null || sftpAgent !== null;
  return {
    ...connection,
    sftpHost: host,
    sftpUser: user ?? connection.sftpUser ?? userInfo().username,
    sftpPort: port ?? connection.sftpPort,
    sftpPrivateKey: hasWay || process.env.SSH_AUTH_SOCK !== undefined ? sftpPrivateKey : ownKey(),
  };
}

/** The first of a user's keys, by the names that ssh gives them. */
function ownKey(): string | null {
  const names = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
  return names.map((name) => join(homedir(), '.ssh', name)).find((path) => existsSync(path)) ?? null;
}

function briefly<const D extends ConfigDefinition>(options: D, doc: string): D {
  const brief = Object.entries(options).map(([name, option]) => [name, { ...option, doc }]);
  return Object.fromEntries(brief) as D;
}
