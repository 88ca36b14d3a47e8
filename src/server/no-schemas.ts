/**
 * No route of this server states a schema: what comes in is judged by hand, with a reason code for each refusal. Compilers for
 * schemas would be a tenth of the time that a process takes to start.
 */
export const noSchemas = {
  compilersFactory: { buildValidator: refuse, buildSerializer: refuse },
};

function refuse(): never {
  throw new Error('A route states a schema, and this server compiles none');
}
