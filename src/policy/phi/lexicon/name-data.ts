export const nameEntries = '';
