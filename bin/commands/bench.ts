export const summary = '[SCENARIO …] [--scale small|full] [--json FILE]: measures, beside the limit of this machine'

// By address, as the command itself is found: the benches stand above the program and import it, never the other way round.
const benches = new URL('../../bench/run.ts', import.meta.url)

export async function run(args: string[]): Promise<number> {
  const { run: runBenches } = (await import(benches.href)) as { run: (args: string[]) => Promise<number> }
  return runBenches(args)
}
