import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** What a worker of Kafka Connect 4.3.1 answers; recorded from it. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body?: unknown;
}

export interface Asked {
  /** `PUT /connectors/trades/pause`. */
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

/** What a worker tells of itself, by which it is known to be one. */
export const OF_ITSELF = {
  version: '4.3.1',
  commit: '26b251a451ce941d',
  kafka_cluster_id: 'aVuujBhlSzm28EsH5XmPWA',
};

/**
 * Answers each request with what was recorded for it, else 404, until the test has finished; what it is asked of itself is
 * not noted.
 */
export async function recordedWorker(answers: Readonly<Record<string, RecordedAnswer>>) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const line = `${request.method} ${request.url}`;
    const sent = await text(request);
    if (line !== 'GET /')
      asked.push({ line, headers: request.headers, body: sent === '' ? null : JSON.parse(sent) });
    const none = { status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } };
    const { status, body } = line === 'GET /' ? { status: 200, body: OF_ITSELF } : (answers[line] ?? none);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(body === undefined ? '' : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
