import { readFile } from 'node:fs/promises';
import type { FastifyReply } from 'fastify';
import { packagedPath } from '../../own-modules.ts';
import type { FileStates } from '../../runtime/files/file-states.ts';
import type { RestApp } from '../rest-app.ts';
import { RestError } from '../rest-error.ts';
import { filesPage } from './files-page.ts';
import { MOST_VIEWERS, type Viewers } from './viewers.ts';

/** What the page is made of; `npm run build` writes them. */
const FILES = [
  { path: '/console/console.css', type: 'text/css; charset=utf-8' },
  { path: '/console/console.js', type: 'text/javascript; charset=utf-8' },
  { path: '/console/icon.svg', type: 'image/svg+xml' },
] as const;

/** The page takes nothing from elsewhere, and no other page may show it in a frame. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
};

export interface ConsoleParts {
  readonly viewers: Viewers;
  readonly files: Pick<FileStates, 'filesOf'>;
}

/** The console: its page at `/` is sent by whoever answers there. */
export function addConsoleRoutes(app: RestApp, { viewers, files }: ConsoleParts): void {
  for (const { path, type } of FILES) app.get(path, (_request, reply) => sendFile(reply, path, type));
  app.json('GET', '/console/files', async (request) => {
    const { feed = '', state = '', name = '', from = '0' } = request.query as FilesQuery;
    request.waitingFor = 'Kafka, to read the states of files';
    return filesPage(await files.filesOf(feed), { state, name, from: Math.max(0, Number(from)) || 0 });
  });
  app.json('GET', '/console/figures', ({ query }) => {
    const { feed = [], curves = '', line = '0' } = query as FiguresQuery;
    return viewers.figures({
      ...{ feeds: [feed].flat(), curves: curves === 'true', line: Number(line) || 0 },
    });
  });
  app.get('/console/events', (request, reply) => {
    if (viewers.isFull)
      throw new RestError(
        503,
        `the console is open ${MOST_VIEWERS} times already; close one, and this opens`,
      );
    const { feed = null } = request.query as { feed?: string };
    reply.hijack();
    reply.raw.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    viewers.add(reply.raw, { mayChange: request.mayChange, feed });
    return reply;
  });
}

interface FiguresQuery {
  readonly feed?: string | readonly string[];
  readonly curves?: string;
  readonly line?: string;
}

interface FilesQuery {
  readonly feed?: string;
  readonly state?: string;
  readonly name?: string;
  readonly from?: string;
}

/** Whether a browser shows what it gets to a person (RFC 9110, section 12.5.1). */
export function wantsPage(accept: string | undefined): boolean {
  return accept?.split(',').some((range) => /^\s*text\/html\s*(;|$)/i.test(range)) ?? false;
}

export function sendPage(reply: FastifyReply): Promise<FastifyReply> {
  return sendFile(reply, '/console/index.html', 'text/html; charset=utf-8');
}

async function sendFile(reply: FastifyReply, path: string, type: string): Promise<FastifyReply> {
  const content = await readFile(packagedPath(`dist${path}`)).catch(() => {
    throw new RestError(404, 'the console is not built; npm run build does that');
  });
  return reply.headers({ ...HEADERS, 'content-type': type }).send(content);
}
