import { PLACES } from './scripts/directions.ts';

/*
 * `npm run lint`: an allow-list. A module of a place imports what the table says, Node's modules, and nothing else.
 */

/** @type {(path: string) => string} A folder with all below it, or a module; `*` stands for a part of a name. */
const pattern = (path) =>
  `^${path.replace(/[.$]/g, '\\$&').replaceAll('*', '[^/]*')}${path.endsWith('/') ? '' : '$'}`;

/** What `#kernels/` stands for, once it is compiled. */
const built = (path) => (path === '#kernels/' ? ['^#kernels/', '^dist/wasm/'] : [pattern(path)]);

const inside = ({ path }) =>
  PLACES.filter((other) => other.path !== path && other.path.startsWith(path)).map((other) =>
    pattern(other.path),
  );

const allowed = PLACES.flatMap((place) => ({
  comment: place.because ?? place.holds,
  from: { path: pattern(place.path), pathNot: inside(place) },
  to: {
    path: [
      pattern(place.path),
      ...place.imports.flatMap(built),
      ...(place.packages ?? []).map((name) => `^node_modules/${name}/`),
    ],
  },
}));

const onlyWhenNeeded = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: to, dependencyTypesNot: ['dynamic-import', 'type-only'] },
});

export default {
  allowed: [{ from: {}, to: { dependencyTypes: ['core'] } }, ...allowed],
  allowedSeverity: 'error',
  forbidden: [
    {
      name: 'internals-of-kafkajs',
      severity: 'error',
      comment: 'what may change with any version of it is known in one place, which a test guards',
      from: { pathNot: '^src/kafka/connection/kafkajs-(internals|modules\\.d)\\.ts$' },
      to: { path: '^node_modules/kafkajs/.', pathNot: '^node_modules/kafkajs/(index\\.js|types/)' },
    },
    onlyWhenNeeded(
      'plugins-when-asked-for',
      '^src/loader/',
      '^(connectors|transforms|src/converters)/',
      'a start pays for the plugins of its feeds alone',
    ),
    onlyWhenNeeded(
      'servers-when-asked-for',
      '^src/(?!rest/|metrics/)',
      '^src/(rest|metrics)/(?!console/(messages|shown)|tap/messages|server-sent-events)',
      'most workers have no listeners; what is told over server-sent events needs none',
    ),
    onlyWhenNeeded(
      'commands-when-called',
      '^src/cli/[^/]+$',
      '^src/cli/[^/]+/',
      'a command pays for itself alone',
    ),
  ],
  options: {
    // It does not know the compiler of TypeScript 7.
    parser: 'swc',
    tsPreCompilationDeps: true,
    // It does not know JSX, and Biome holds these modules (biome.json).
    exclude: { path: '^src/console/.*\\.tsx$' },
    doNotFollow: { path: '^(node_modules|dist)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
