import type { BenchFeed } from './feed.ts';
import { reference } from './reference.ts';

export const twoTasks: BenchFeed = {
  ...reference,
  name: 'two-tasks',
  doc: 'the rows of the reference feed in two files, by two tasks',
  halved: true,
  against: reference,
  settings: { 'tasks.max': '2' },
};
