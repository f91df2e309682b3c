// How long a warm start takes to be ready, and what memory the program and its database hold, idle and after a busy hour.
import { claim, connectApi } from './desk.ts'
import { makeDeliveries, signedCall, take } from './deliveries.ts'
import { atMost, plain, sleep, timed, type Bench, type Figure, type Measured } from './harness.ts'
import { drive, waitFor } from './load.ts'
import { dataFolder, isReceived, startWhole, type WholeProgram } from './whole-program.ts'
import { descendants, proportionalBytes, residentBytes } from './world.ts'

const MB = 1024 * 1024

export async function start(bench: Bench): Promise<Measured> {
  await using folder = await dataFolder(bench.keptDirectory)
  const wanted = bench.pick(100, 30_000)
  // The first start makes the database and builds what pages are stale; it is no warm one.
  const first = await startWhole(folder.path)
  const figures: Record<string, Figure> = { 'first start': plain(first.readyMs, 'ms') }
  const desk = await claim(first)
  const connections = [await connectApi(first, desk, 'One'), await connectApi(first, desk, 'Two')]
  await first.stop()

  const starts: number[] = []
  for (let n = 0; n < bench.pick(1, 7); n++) {
    const program = await startWhole(folder.path)
    starts.push(program.readyMs)
    await program.stop()
  }
  await using program = await startWhole(folder.path)
  await sleep(bench.pick(500, 10_000))
  await weigh(program, 'idle', figures)
  const made = makeDeliveries({ seed: 8, connections, threads: Math.ceil(wanted / 3) })
  await drive(program.url, take(made, wanted).map(signedCall).values(), { callers: 16, seconds: 240 })
  await waitFor('receiving', 240, () => isReceived(program.url, desk.owner), 200)
  await weigh(program, 'just after receiving', figures)
  await sleep(bench.pick(500, 30_000))
  await weigh(program, 'after receiving', figures)
  figures['warm start'] = timed(starts, 'ms', 'p95')
  return {
    figures,
    limit: {},
    ratios: {},
    targets: [
      atMost('warm start', 2500),
      atMost('program, idle', 250),
      atMost('program, after receiving', 250),
      atMost('with database, idle', 400),
      atMost('with database, after receiving', 400),
    ],
    notes: [
      'The program by resident set; the database by proportional set, since its processes share most of their memory.',
      `Received: ${wanted} deliveries.`,
    ],
  }
}

async function weigh({ pid }: WholeProgram, when: string, figures: Record<string, Figure>): Promise<void> {
  const program = await residentBytes(pid)
  let database = 0
  for (const child of await descendants(pid)) database += await proportionalBytes(child)
  figures[`program, ${when}`] = plain(program / MB, 'MB')
  figures[`database, ${when}`] = plain(database / MB, 'MB')
  figures[`with database, ${when}`] = plain((program + database) / MB, 'MB')
}
