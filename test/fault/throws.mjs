// A fault that nothing catches, when the test asks for it.
process.on('SIGUSR2', () => {
  if (process.env.FAULT_KIND === 'rejection') void Promise.reject(new Error('zephyrine quillfeather'));
  else if (process.env.FAULT_KIND === 'block') for (const until = Date.now() + 4000; Date.now() < until;);
  else throw new Error('zephyrine quillfeather');
});
