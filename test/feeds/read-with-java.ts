import { join } from 'node:path';
import { javaCommand, QUICK_START } from '../../scripts/stack/engine.ts';
import { fetchArtifact, kafkaClassPath } from '../../scripts/stack/maven.ts';
import { run } from '../../scripts/stack/run.ts';
import { ROOT } from '../docs/markdown.ts';

const AVRO = { group: 'org.apache.avro', name: 'avro', version: '1.12.0' } as const;

/** A record as Apache Kafka's consumer and Apache Avro see it. */
export interface JavaRecord {
  readonly partition: number;
  readonly timestamp: number;
  readonly key: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** The full name of the schema in the registry whose id is in the bytes. */
  readonly schema: string;
  readonly schemaId: number;
  /** Each field's Java class and its value: `BigDecimal 45.2000`, or `null`. */
  readonly value: Readonly<Record<string, string>>;
}

/** Reads a topic of Avro records to its end, by partition and offset, with an independent client. */
export async function readWithJava(
  bootstrapServers: string,
  topic: string,
  registryUrl: string,
): Promise<JavaRecord[]> {
  const avro = await fetchArtifact(AVRO, 'jar', '1 MB');
  const classPath = `${join(avro, 'avro.jar')}:${await kafkaClassPath()}`;
  const source = join(ROOT, 'test/feeds/java/ReadTopic.java');
  const { code, stdout, stderr } = await run(javaCommand(), [
    ...[...QUICK_START, '-cp', classPath, source],
    ...[bootstrapServers, topic, registryUrl],
  ]);
  if (code !== 0) throw new Error(`The reader in Java ended with ${code}: ${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as JavaRecord);
}
