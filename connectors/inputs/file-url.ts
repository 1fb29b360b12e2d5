import { HeadraceError } from '../../src/plugin/index.ts';

/** What URLs of files may begin with, and the connector that watches such a place. */
export const SCHEMES = { s3: 's3', gs: 'gcs', az: 'azure-blob', sftp: 'sftp' } as const;

export type Scheme = keyof typeof SCHEMES;

/** Where a file is that is not on this disk. */
export interface FileUrl {
  readonly scheme: Scheme;
  /** The bucket or container; of a server its host. */
  readonly host: string;
  /** Of a server, where the URL names them. */
  readonly user: string | null;
  readonly port: number | null;
  /** The name in the bucket, as it is; on a server the path, which begins with a slash. It may be a glob. */
  readonly name: string;
  /** What all URLs of the place begin with: `s3://bucket/`, `sftp://user@host:port`. */
  readonly base: string;
}

/** What other programs call the same. */
const OTHER_SCHEMES: Readonly<Record<string, string>> = {
  ...{ s3a: 's3', s3n: 's3', gcs: 'gs', azure: 'az', abfs: 'az', abfss: 'az', wasb: 'az', wasbs: 'az' },
  ...{ blob: 'az', ssh: 'sftp', scp: 'sftp', sftps: 'sftp' },
};
const URL_TEXT = /^([a-z][a-z\d+.-]+):\/\/([^/]*)(.*)$/is;
/** Behind a question mark there is a query, or the name of a version; a glob has no equals sign there. */
const QUERY = /\?[\w.~-]*=/;

/** Of a path that is not there: the URL that was meant, as in `s3:/bucket/key`; null when none was. */
export function urlMeant(path: string): string | null {
  const [, scheme, rest] = /(?:^|\/)(s3|gs|az|sftp):\/*([^/].*)$/s.exec(path) ?? [];
  return scheme === undefined ? null : `${scheme}://${rest}`;
}

/**
 * The URL of a file, or a glob of such.
 *
 * @throws HeadraceError CONFIG_INVALID
 */
export function fileUrl(text: string): FileUrl {
  const url = parsed(text);
  if (url.name !== '' && !url.name.endsWith('/')) return url;
  throw mistake(text, `names a folder; name its files, as in '${url.base}${url.name}*.csv'`);
}

/**
 * The URL of a folder: what the names of its files begin with ends with a slash, or is empty.
 *
 * @throws HeadraceError CONFIG_INVALID
 */
export function folderUrl(text: string): FileUrl {
  const url = parsed(text);
  return url.name === '' || url.name.endsWith('/') ? url : { ...url, name: `${url.name}/` };
}

/** The URL of what has this name in the same place. */
export function urlOf({ base }: FileUrl, name: string): string {
  return base + name;
}

function parsed(text: string): FileUrl {
  const [, scheme = '', authority = '', path = ''] = URL_TEXT.exec(text) ?? [];
  const known = knownScheme(text, scheme.toLowerCase());
  if (/^\s|\s$/.test(text)) throw mistake(text, 'has a space at its beginning or end; remove it');
  if (QUERY.test(path))
    throw mistake(text, 'has a query; expected the name alone, of which the latest version is read');
  if (known === 'sftp') return ofServer(text, authority, path);
  if (authority.includes('@')) {
    const shown = text.replace(/:\/\/[^/]*@/, '://***@');
    throw mistake(
      shown,
      'has credentials in it; remove them, and set them in a feed (--feed) or in the environment',
    );
  }
  if (!/^[\w.-]+$/.test(authority))
    throw mistake(text, `has no name of a ${placeOf(known)} behind ${known}://`);
  return {
    scheme: known,
    host: authority,
    user: null,
    port: null,
    name: path.slice(1),
    base: `${known}://${authority}/`,
  };
}

function ofServer(text: string, authority: string, path: string): FileUrl {
  const [, login, host = '', digits] =
    /^(?:(.*)@)?(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(authority) ?? [];
  if (login?.includes(':')) {
    const shown = text.replace(login, `${login.split(':')[0]}:***`);
    throw mistake(
      shown,
      'has a password in it; remove it, and set sftp.password or a key in a feed (--feed)',
    );
  }
  const port = digits === undefined ? null : Number(digits);
  if (host === '' || login === '' || port === 0 || (port ?? 1) > 65_535) {
    throw mistake(text, 'expected sftp://user@host/path or sftp://user@host:port/path');
  }
  const user = login ?? null;
  const shown = `${user === null ? '' : `${user}@`}${host.toLowerCase()}${port === null ? '' : `:${port}`}`;
  const name = path === '' ? '/' : path;
  return {
    scheme: 'sftp',
    host: host.replace(/^\[|\]$/g, '').toLowerCase(),
    user,
    port,
    name,
    base: `sftp://${shown}`,
  };
}

function knownScheme(text: string, scheme: string): Scheme {
  if (Object.hasOwn(SCHEMES, scheme)) return scheme as Scheme;
  const other = OTHER_SCHEMES[scheme];
  const meant = other === undefined ? '' : `; did you mean ${other}://?`;
  const file = scheme === 'file' ? '; of a file of this machine, give the path alone' : '';
  throw mistake(text, `cannot be read: expected s3://, gs://, az:// or sftp://${meant}${file}`);
}

function placeOf(scheme: Scheme): string {
  return scheme === 'az' ? 'container' : 'bucket';
}

function mistake(text: string, problem: string): HeadraceError {
  return new HeadraceError('CONFIG_INVALID', `${text}: ${problem}`);
}
