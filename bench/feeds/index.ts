import { custom } from './custom.ts';
import type { BenchFeed } from './feed.ts';
import { quoted } from './quoted.ts';
import { reference } from './reference.ts';
import { wide } from './wide.ts';

export const FEEDS: readonly BenchFeed[] = [reference, wide, quoted, custom];
