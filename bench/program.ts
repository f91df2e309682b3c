// The program as `rapport start` runs it, save that it builds no pages and may call platforms on this machine's loopback,
// where the benches keep theirs. Started as a child; the parent sets everything by environment.
import { mkdir } from 'node:fs/promises'
import { readConfig } from '#platform/config'
import { createLog } from '#platform/log'
import { startProgram } from '../bin/program/program.ts'

const config = readConfig(process.env)
await mkdir(config.dataDir, { recursive: true })
const stop = new Promise<void>((resolve) => {
  process.on('SIGTERM', () => resolve())
  process.on('disconnect', () => resolve())
})
const program = await startProgram({
  config,
  log: createLog(config),
  version: 'bench',
  understands: process.env['BENCH_UNDERSTANDS'] !== 'no',
  allowPrivate: (address) => address === '127.0.0.1',
})
process.send?.({ url: program.url.replace('localhost', '127.0.0.1'), setupLink: program.setupLink })
await stop
await program[Symbol.asyncDispose]()
process.exit(0)
