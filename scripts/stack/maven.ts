import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

export const KAFKA_VERSION = '4.3.1';
const LOG4J_VERSION = '2.25.1';

/** A thing to fetch, as Maven writes it. */
export interface Artifact {
  readonly group: string;
  readonly name: string;
  readonly version: string;
}

const KAFKA: readonly Artifact[] = [
  { group: 'org.apache.kafka', name: 'kafka_2.13', version: KAFKA_VERSION },
  { group: 'org.apache.kafka', name: 'kafka-tools', version: KAFKA_VERSION },
  { group: 'org.apache.logging.log4j', name: 'log4j-core', version: LOG4J_VERSION },
  { group: 'org.apache.logging.log4j', name: 'log4j-slf4j-impl', version: LOG4J_VERSION },
];

/** The class path of Apache Kafka with its tools, fetched on first use and kept. */
export function kafkaClassPath(): Promise<string> {
  return fetchClassPath({ name: `kafka-${KAFKA_VERSION}`, artifacts: KAFKA, size: '54 MB' });
}

/** A server of several jars: the cache folder's name, what is fetched with all it depends on, and how much that is. */
export interface JarSet {
  readonly name: string;
  readonly artifacts: readonly Artifact[];
  readonly size: string;
}

/** The class path of some artifacts and all they depend on, fetched on first use and kept. */
export async function fetchClassPath({ name, artifacts, size }: JarSet): Promise<string> {
  const folder = await cached(name, async (draft) => {
    const pom = join(draft, 'pom.xml');
    await writeFile(pom, pomOf(artifacts));
    announce(name, size);
    await maven(['-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${draft}`]);
  });
  return join(folder, '*');
}

/**
 * The folder that holds one artifact's own file, without what it depends on, fetched on first use and kept.
 * `form` is its type and classifier (`jar:exec`); `finish` may unpack it there.
 */
export function fetchArtifact(
  artifact: Artifact,
  form: string,
  size: string,
  finish: (folder: string) => Promise<void> = async () => {},
): Promise<string> {
  const { group, name, version } = artifact;
  return cached(`${name}-${version}`, async (draft) => {
    announce(`${name} ${version}`, size);
    await maven([
      'dependency:copy',
      `-Dartifact=${group}:${name}:${version}:${form}`,
      `-DoutputDirectory=${draft}`,
      '-Dmdep.stripVersion=true',
    ]);
    await finish(draft);
  });
}

async function maven(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run('mvn', ['-q', '-B', ...args]);
  if (code === 0) return;
  if (code === null) {
    throw new StackError(
      'Maven is needed to fetch the servers once and cannot be run: install mvn (or start Docker).',
    );
  }
  const reason = /\[ERROR\] (.*)/.exec(stdout + stderr)?.[1] ?? stderr.trim();
  throw new StackError(`Maven could not fetch the servers; mend this and run it again: ${reason}`);
}

/** On standard error, as standard output is for addresses. */
function announce(what: string, size: string): void {
  process.stderr.write(`stack: fetching ${what} with Maven (about ${size}, once)\n`);
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) =>
      `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`,
  );
  return [
    '<project xmlns="http://maven.apache.org/POM/4.0.0">',
    '  <modelVersion>4.0.0</modelVersion>',
    '  <groupId>headrace</groupId><artifactId>stack</artifactId><version>1</version>',
    '  <dependencies>',
    ...dependencies,
    '  </dependencies>',
    '</project>',
    '',
  ].join('\n');
}
