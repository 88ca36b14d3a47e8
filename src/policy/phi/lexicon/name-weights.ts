export const scale = 1;
export const taggerWeights = '';
export const likenessWeights = '';
