import { plant } from './plant.ts';

/** Reads offsets of transactions that are open or were aborted. */
plant('/src/kafka/protocol/fetch.ts', [['.int8(READ_COMMITTED)', '.int8(0)']]);
