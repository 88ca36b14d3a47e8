/** Every bound of the taps, with its reason. Times are milliseconds. */
export const bounds = {
  /** Live readers at once: each costs a write for each line. */
  readers: 64,
  /** Lines that wait until the frames in hand have gone out; more come only when the process is far too busy. */
  waitingLines: 2_000,
  /** Characters of one utterance that are shown; a caller says 1,000 a minute. */
  lineCharacters: 16_384,
  /** What a reader sends is not looked at. */
  readerMessageBytes: 1_024,
  /** A live reader that has left so much unread is dropped: some thousand lines, and all that is kept for it. */
  unreadBytes: 1024 * 1024,
  /** A live reader that has read nothing for so long is dropped. */
  unreadMs: 20_000,
  /** How often live readers are looked at, and hear that the stream lives. Proxies give up after 30 to 60 s of silence. */
  beatMs: 10_000,
  /** What is kept for a live reader that comes back: so many lines, so many characters, so long. */
  keptLines: 2_000,
  keptCharacters: 256 * 1024,
  keptMs: 120_000,
  /** Lines for a webhook that wait for the disk: a slow disk must not fill memory. */
  unstoredLines: 2_000,
  /** Lines and bytes of one delivery. */
  batchLines: 100,
  batchBytes: 256 * 1024,
  /** From the look-up of the receiver's name to the last byte of its answer. */
  postMs: 10_000,
  /** An answer is a status; what else the receiver says is not read beyond this. */
  answerBytes: 64 * 1024,
  /** An idle connection to a receiver is kept so long. */
  idleMs: 30_000,
  /** Waits between attempts: doubled each time, from the first to the last. */
  firstRetryMs: 250,
  lastRetryMs: 60_000,
  /** What is on its way when the process stops may still arrive for so long. */
  farewellMs: 2_000,
  /** A disk that failed is tried again after so long. */
  reopenMs: 5_000,
  /** What was written is made safe against a loss of power so often; a killed process loses nothing of it. */
  syncMs: 200,
  /** Files of a queue: the oldest is dropped whole when the queue is full, so that it loses an eighth at once. */
  queueFiles: 8,
  /** A file that is read to its end is only removed from this size on: the next line would make a new one. */
  spentBytes: 64 * 1024,
  /** Drops of one reader are recorded at most so often, with their number. */
  dropEventMs: 60_000,
} as const;
