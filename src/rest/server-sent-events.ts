import type { Readable } from 'node:stream';

/** One of those that a worker tells over a connection that stays open. */
export interface ServerSentEvent {
  readonly name: string;
  /** Its data, as they came: JSON, which has no line ends in it. */
  readonly text: string;
}

export function eventText({ name, text }: ServerSentEvent): string {
  return `event: ${name}\ndata: ${text}\n\n`;
}

/** The events that a stream brings, until it ends. */
export async function* eventsIn(stream: Readable): AsyncGenerator<ServerSentEvent, void, undefined> {
  let told = '';
  for await (const piece of stream.setEncoding('utf8')) {
    told += piece;
    const whole = told.split('\n\n');
    told = whole.pop() as string;
    for (const lines of whole) yield { name: fieldIn(lines, 'event'), text: fieldIn(lines, 'data') };
  }
}

function fieldIn(lines: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(lines)?.[1] ?? '';
}
