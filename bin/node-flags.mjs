// How the pinned Node is started. A young generation of eight megabytes in place of sixteen and more: the program rests at 220 MB
// in place of 310, and receives as fast (docs/performance.md).

/** Flags of V8, before the program's own file. */
export const nodeFlags = ['--max-semi-space-size=8']
