import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

const VERSION = '3.37.0';
/** What it would load to report on itself and to keep its data in databases: five sixths of all, and never used here. */
const LEFT_OUT = ['applicationinsights', 'tedious', 'mysql2'];

/** The one account of every Azurite, which is no secret. */
export const AZURE_ACCOUNT = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
} as const;

/** The folder of its modules, fetched on first use and kept. */
export function fetchAzure(): Promise<string> {
  return cached(`azurite-${VERSION}`, install, 'npm');
}

/**
 * Starts a server of Azure Blob Storage (Azurite), fetched by npm on first use and kept. Its URL ends with the account's
 * name. Signatures and shared access signatures are checked, conditions on all requests obeyed; what the real one does
 * and this does not: names are listed in the order of their UTF-16 code units, copies are done at once, and there are
 * neither versions nor a hierarchical namespace.
 */
export async function startAzure(preferredPort?: number): Promise<HttpServer> {
  const modules = await fetchAzure();
  return startHttpServer({
    name: 'azure',
    preferredPort,
    command: process.execPath,
    args: (port, folder) => [
      join(modules, 'node_modules/azurite/dist/src/blob/main.js'),
      ...[
        '--blobHost',
        '127.0.0.1',
        '--blobPort',
        String(port),
        '--skipApiVersionCheck',
        '--disableTelemetry',
      ],
      ...['--inMemoryPersistence', '--silent', '--debug', join(folder, 'azurite.log')],
    ],
    path: `/${AZURE_ACCOUNT.name}`,
    readyPath: '?comp=list',
    // As nobody has signed the question.
    readyStatus: 403,
  });
}

async function install(folder: string): Promise<void> {
  process.stderr.write(`stack: fetching azurite ${VERSION} with npm (about 60 MB, once)\n`);
  const nothing = join(folder, 'nothing');
  await mkdir(nothing);
  await writeFile(join(nothing, 'package.json'), JSON.stringify({ name: 'nothing', version: '0.0.0' }));
  await writeFile(join(nothing, 'index.js'), '');
  const overrides = Object.fromEntries(LEFT_OUT.map((name) => [name, 'file:./nothing']));
  const manifest = { private: true, dependencies: { azurite: VERSION }, overrides };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const { code, stdout, stderr } = await run('npm', [
    ...['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', '--omit=optional'],
    ...['--no-package-lock', '--loglevel=error'],
  ]);
  if (code === 0) return;
  throw new StackError(
    `npm could not fetch azurite; mend this and run it again: ${(stderr || stdout).trim()}`,
  );
}
