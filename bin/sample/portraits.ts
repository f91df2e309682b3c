// Profile pictures of the demo's networks: drawn from a name, and handed out on loopback, where the program fetches them as it
// would from any network. Nobody's browser asks here.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'

export interface Portraits {
  readonly port: number
  /** Where the picture of this person is; undefined for the few who have none, as everywhere. */
  of(name: string): string | undefined
  close(): Promise<void>
}

const SIDE = 192

export async function openPortraits(): Promise<Portraits> {
  const server = createServer((request, response) => {
    response.on('error', () => {})
    draw(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1))).then(
      (bytes) => response.writeHead(200, { 'content-type': 'image/png' }).end(bytes),
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    of: (name) => (marksOf(name)[0]! < 40 ? undefined : `http://127.0.0.1:${port}/${encodeURIComponent(name)}`),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

const marksOf = (name: string): Buffer => createHash('sha256').update(`portrait ${name}`).digest()

/** What people take who do not show their face: a sun or a moon over hills, in colours of their own. */
async function draw(name: string): Promise<Buffer> {
  const [, hue, shift, left, high, far, near, night] = marksOf(name) as unknown as number[]
  const tone = Math.round((hue! / 255) * 360)
  const other = (tone + 30 + shift! / 3) % 360
  const dark = night! < 80
  const sky = dark ? [22, 38] : [78, 90]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 96 96">
    <linearGradient id="s" x2="0" y2="1"><stop stop-color="hsl(${tone} 45% ${sky[0]}%)"/><stop offset="1" stop-color="hsl(${other} 60% ${sky[1]}%)"/></linearGradient>
    <rect width="96" height="96" fill="url(#s)"/>
    <circle cx="${24 + left! / 5}" cy="${26 + high! / 12}" r="${dark ? 9 : 13}" fill="hsl(${dark ? 50 : 14 + shift! / 6} 88% ${dark ? 88 : 66}%)"/>
    <path d="M0 ${54 + far! / 20}Q24 ${36 + near! / 12} 48 ${56 + far! / 24}T96 ${52 + near! / 20}V96H0Z" fill="hsl(${tone} 38% ${dark ? 30 : 58}%)"/>
    <path d="M0 ${74 - near! / 24}Q32 ${58 + far! / 14} 60 ${74 - far! / 30}T96 ${70 + near! / 30}V96H0Z" fill="hsl(${tone} 45% ${dark ? 18 : 36}%)"/>
  </svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}
