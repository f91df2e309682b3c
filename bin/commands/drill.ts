import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const summary =
  '[NAME …] [--rounds N] [--smoke]: breaks an installation of its own on purpose, and counts what is left'

/** A process of its own: what it breaks must not be us. */
export async function run(args: string[]): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../drills/run.ts', import.meta.url)), ...args], {
    stdio: 'inherit',
  })
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
