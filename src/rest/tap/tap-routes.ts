import type { FastifyRequest } from 'fastify';
import { stageLabels } from '../../runtime/tap/stage-labels.ts';
import type { TapRequest } from '../../runtime/tap/tap-messages.ts';
import type { Herder } from '../../runtime/worker/herder.ts';
import type { ManagedConnector } from '../../runtime/worker/managed-connector.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { shownText } from '../../values/shown.ts';
import { type GroupPeers, TapElsewhere } from '../group/tap-elsewhere.ts';
import { MISSING, namedConnector } from '../named-connector.ts';
import type { RestApp } from '../rest-app.ts';
import { RestError } from '../rest-error.ts';
import { MOST_TAPPERS, type Tappers } from './tappers.ts';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

export interface TapParts {
  readonly herder: Pick<Herder, 'connectors'>;
  readonly tappers: Tappers;
  /** The other workers of the group; null where there is none. */
  readonly peers: GroupPeers | null;
}

/** Records of a feed while it runs, in whichever workers of the group; beyond Kafka Connect. */
export function addTapRoutes(app: RestApp, { herder, tappers, peers }: TapParts): void {
  app.get('/connectors/:connector/tap', (request, reply) => {
    const missing = (name: string) => `${MISSING.found(name)}${didYouMean(name, herder.connectors.keys())}`;
    const connector = namedConnector(herder, request, missing);
    const { config, labels } = feedOf(connector);
    const wanted = { stage: stageIn(request, labels), where: whereIn(request) };
    const { showsValues } = config;
    if (wanted.where !== null && !showsValues) {
      throw new RestError(
        400,
        `where: values of ${config.name} are not to be shown (errors.log.include.values: false), so that no records are ` +
          'chosen by them; leave it out',
      );
    }
    if (tappers.isFull)
      throw new RestError(503, `${MOST_TAPPERS} taps of this worker are open already; end one of them`);
    const first = { stage: wanted.stage ?? (labels.at(-1) as string), showsValues };
    reply.hijack();
    reply.raw.writeHead(200, HEADERS);
    // Another worker that asks tells what comes of it together with its own.
    const isOwn = peers === null || request.isForwarded || connector.file !== null;
    tappers.add(reply.raw, {
      ...{ connector: config.name, request: wanted, first },
      elsewhere: isOwn ? null : (onEvent) => new TapElsewhere(peers, request.url, onEvent),
    });
    return reply;
  });
}

function feedOf({ config: { name }, feed, error }: ManagedConnector) {
  if (feed === null)
    throw new RestError(
      409,
      `${name} has no stages, as its configuration is not understood: ${error?.message}`,
    );
  const showsValues = feed.config.errors.includesValues;
  return { config: { name, showsValues }, labels: stageLabels(feed.config) };
}

/** null: the last. */
function stageIn(request: FastifyRequest, labels: readonly string[]): string | null {
  const stage = wordIn(request, 'stage');
  if (stage === null || labels.includes(stage)) return stage;
  throw new RestError(
    400,
    `stage: expected one of ${labels.join(', ')}, got ${shownText(stage)}${didYouMean(stage, labels)}`,
  );
}

function whereIn(request: FastifyRequest): TapRequest['where'] {
  const where = wordIn(request, 'where');
  if (where === null) return null;
  const [, field = '', text = ''] = /^([^=]+)=(.*)$/s.exec(where) ?? [];
  if (field !== '') return { field, text };
  throw new RestError(400, `where: expected field=value, such as symbol=BHP, got ${shownText(where)}`);
}

function wordIn({ query }: FastifyRequest, name: string): string | null {
  const given = (query as Readonly<Record<string, string | readonly string[] | undefined>>)[name];
  if (given === undefined || typeof given === 'string') return given ?? null;
  throw new RestError(400, `${name}: expected it once, got it ${given.length} times`);
}
