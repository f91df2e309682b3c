import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Where a system takes the other end of its outgoing connections from, ports begin above these. */
const LOWEST = 10_000
const HIGHEST = 32_000

/**
 * A port of this machine that nobody listens on, and that no outgoing connection will take while a server that is being
 * started again is away.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
