import { avro } from './avro.ts';
import { custom } from './custom.ts';
import type { BenchFeed } from './feed.ts';
import { gzip } from './gzip.ts';
import { lz4 } from './lz4.ts';
import { quoted } from './quoted.ts';
import { reference } from './reference.ts';
import { twoTasks } from './two-tasks.ts';
import { wide } from './wide.ts';

export const FEEDS: readonly BenchFeed[] = [reference, wide, quoted, gzip, lz4, custom, avro, twoTasks];
