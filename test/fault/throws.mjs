import { getHeapStatistics } from 'node:v8';

const heap = [];
let filling;

/** Keeps the heap filled to so many megabytes with numbers, which cost the collector nothing; a second signal lets go of them. */
function fill(mebibytes) {
  const add = () => {
    while (getHeapStatistics().used_heap_size < mebibytes * 2 ** 20) heap.push(Array(131_072).fill(1.5));
  };
  if (filling === undefined) {
    filling = setInterval(add, 20);
    return;
  }
  clearInterval(filling);
  heap.length = 0;
}

// A fault that nothing catches, or that takes something away, when the test asks for it.
process.on('SIGUSR2', () => {
  if (process.env.FAULT_KIND === 'rejection') void Promise.reject(new Error('zephyrine quillfeather'));
  else if (process.env.FAULT_KIND === 'block') for (const until = Date.now() + 4000; Date.now() < until;);
  else if (process.env.FAULT_KIND === 'fill') fill(Number(process.env.FAULT_MEBIBYTES));
  else throw new Error('zephyrine quillfeather');
});
