import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'golden');

/** A request and its answer, recorded from Apache Kafka Connect 4.3.1. */
export interface Exchange {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestBody: string | null;
  readonly status: number;
  /** Null where Kafka Connect tells none. */
  readonly contentType: string | null;
  /** Of what was made. */
  readonly location: string | null;
  readonly body: string;
}

export function recordedExchanges(): Exchange[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => exchange(name, readFileSync(join(FOLDER, name), 'utf8')));
}

function exchange(name: string, text: string): Exchange {
  const [request = '', answer = ''] = text.replace(/^#.*\n/gm, '').split('--- response\n');
  const asked = message(request);
  const answered = message(answer);
  const [method = '', path = ''] = asked.first.split(' ');
  return {
    title: name.replace(/\.http$/, ''),
    method,
    path,
    headers: asked.headers,
    requestBody: asked.body === '' ? null : asked.body,
    status: Number(answered.first.split(' ')[1]),
    contentType: answered.headers['content-type'] ?? null,
    location: answered.headers.location ?? null,
    body: answered.body,
  };
}

function message(text: string) {
  const [head = '', ...rest] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n').filter((line) => line !== '');
  const headers = lines.map((line) => line.split(': ') as [string, string]);
  return {
    first,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: rest.join('\n\n').trim(),
  };
}
