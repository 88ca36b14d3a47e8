/** Where the records of a writer can lie. */
export { openFileSink } from './file.ts';
export { openPostgresSink } from './postgres.ts';
