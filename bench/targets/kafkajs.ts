import { ownScript } from './own-script.ts';
import type { Target } from './target.ts';

/** The floor: kafkajs's own producer, given keys and JSON values that are ready. */
export const kafkajsFloor: Target = {
  ...ownScript('./kafkajs-send.ts'),
  name: 'kafkajs send',
  transactional: false,
  expected: ({ rows }) => rows,
};
