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
    drawAt(request.url ?? '/').then(
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

/** Rejects at an address that can't be read. */
const drawAt = async (path: string): Promise<Buffer> => draw(decodeURIComponent(path.slice(1)))

const marksOf = (name: string): Buffer => createHash('sha256').update(`portrait ${name}`).digest()

type Colour = readonly [red: number, green: number, blue: number]

/** @param hue in degrees; `saturation` and `light` from 0 to 1 */
function colour(hue: number, saturation: number, light: number): Colour {
  const part = (n: number): number => {
    const k = (n + hue / 30) % 12
    return Math.round(255 * (light - saturation * Math.min(light, 1 - light) * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
  }
  return [part(0), part(8), part(4)]
}

/**
 * What people take who do not show their face: a sun or a moon over hills, in colours of their own. Point by point, for the
 * program reads no drawings (SVG) from anywhere, not even from itself.
 */
async function draw(name: string): Promise<Buffer> {
  const [hue, shift, left, high, far, near, night] = [...marksOf(name).subarray(1, 8)].map((mark) => mark / 255)
  const tone = hue! * 360
  const dark = night! < 0.3
  const sky = (down: number): Colour => colour(tone + 60 * shift! * down, 0.5, (dark ? 0.2 : 0.76) + 0.16 * down)
  const [light, hill, front] = dark
    ? [colour(50, 0.9, 0.88), colour(tone, 0.38, 0.3), colour(tone, 0.45, 0.18)]
    : [colour(14 + 40 * shift!, 0.88, 0.66), colour(tone, 0.38, 0.58), colour(tone, 0.45, 0.36)]
  const hillAt = (x: number): number => 0.58 + 0.1 * Math.sin(6 * x + 6 * far!)
  const frontAt = (x: number): number => 0.75 + 0.07 * Math.sin(5 * x + 6 * near!)
  const [sunX, sunY, sunSize] = [0.25 + 0.5 * left!, 0.25 + 0.15 * high!, dark ? 0.09 : 0.13]
  const points = Buffer.alloc(SIDE * SIDE * 3)
  for (let at = 0; at < SIDE * SIDE; at++) {
    const [x, y] = [(at % SIDE) / SIDE, Math.floor(at / SIDE) / SIDE]
    const inSun = Math.hypot(x - sunX, y - sunY) < sunSize
    points.set(y > frontAt(x) ? front : y > hillAt(x) ? hill : inSun ? light : sky(y), at * 3)
  }
  return sharp(points, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer()
}
