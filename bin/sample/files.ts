// Pictures and papers that go with the stories, painted here: no photograph of anybody, nothing to license.
import sharp from 'sharp'
import { keepFile, type KeptFile } from '#platform/files/keep'
import type { FileStore } from '#platform/files/store'

type Colour = readonly [red: number, green: number, blue: number]
/** A rectangle, or the ellipse that fills it. */
type Box = readonly [left: number, top: number, width: number, height: number, colour: Colour, shape?: 'oval']
/** One colour, or two between which it fades downwards. */
type Ground = Colour | readonly [above: Colour, below: Colour]

const sky: Colour = [198, 220, 236]
const night: Colour = [31, 45, 61]
const paper: Colour = [250, 248, 242]
const ink: Colour = [40, 44, 52]
const navy: Colour = [31, 78, 121]
const rust: Colour = [176, 74, 42]
const wood: Colour = [140, 84, 44]
const ash: Colour = [120, 118, 116]
const lines = (top: number, widths: readonly number[], colour: Colour = ink): Box[] =>
  widths.map((width, row) => [24, top + row * 22, width, 8, colour])
/** Black bars of a code, the same on every run. */
const bars = (left: number, top: number, height: number): Box[] =>
  Array.from({ length: 34 }, (_, i) => [left + i * 6, top, 1 + ((i * 7) % 5), height, ink])

const pictures: Readonly<Record<string, { readonly ground: Ground; readonly boxes: readonly Box[] }>> = {
  'boarding-pass.png': {
    ground: paper,
    boxes: [[0, 0, 480, 44, navy], ...lines(70, [150, 210, 120]), ...bars(250, 150, 70), [340, 60, 2, 150, ash]],
  },
  'suitcase.png': {
    ground: [226, 222, 214],
    boxes: [
      [130, 70, 220, 150, rust],
      [205, 48, 70, 22, ink],
      [130, 120, 220, 6, ink],
      [250, 128, 90, 4, paper],
      [268, 132, 60, 3, paper],
      [290, 135, 14, 70, ink],
    ],
  },
  'agnes-neck.png': {
    ground: night,
    boxes: [
      [60, 120, 150, 22, wood],
      [232, 136, 190, 22, wood],
      [208, 112, 8, 20, paper],
      [222, 138, 8, 18, paper],
      [60, 128, 150, 2, paper],
      [232, 144, 190, 2, paper],
      [404, 120, 40, 54, [96, 54, 26]],
    ],
  },
  'ash-cloud.png': {
    ground: sky,
    boxes: [
      [0, 210, 480, 60, [72, 88, 70]],
      [170, 150, 140, 62, [84, 78, 74]],
      [205, 30, 70, 122, ash],
      [160, 20, 170, 54, [146, 144, 142]],
      [120, 40, 120, 40, [164, 162, 160]],
    ],
  },
  'departures.png': {
    ground: [18, 20, 24],
    boxes: [0, 1, 2, 3, 4, 5].flatMap((row): Box[] => [
      [24, 24 + row * 40, 60, 14, [240, 196, 60]],
      [104, 24 + row * 40, 150 - row * 9, 14, [232, 232, 226]],
      [300, 24 + row * 40, 140, 14, row === 2 ? [240, 196, 60] : [214, 72, 60]],
    ]),
  },
  'seat-17c.png': {
    ground: [196, 200, 206],
    boxes: [
      [150, 30, 180, 130, navy],
      [140, 160, 200, 70, [24, 58, 92]],
      [170, 44, 60, 26, ash],
      [330, 120, 22, 90, ink],
    ],
  },
  'sunset-wing.png': {
    ground: [
      [92, 96, 158],
      [248, 178, 116],
    ],
    boxes: [
      [356, 128, 58, 58, [255, 228, 158], 'oval'],
      [-60, 206, 250, 46, [250, 214, 190], 'oval'],
      [120, 226, 260, 60, [244, 200, 172], 'oval'],
      [330, 214, 220, 60, [250, 214, 190], 'oval'],
      [-140, 168, 470, 26, [226, 229, 236], 'oval'],
      [-140, 182, 430, 12, [188, 194, 206], 'oval'],
      [298, 140, 14, 42, navy, 'oval'],
    ],
  },
}

const papers: Readonly<Record<string, readonly string[]>> = {
  'taxi-receipt.pdf': ['Taxi Baixa 118', 'Airport to Rua das Flores', '23:52   EUR 41.80', 'Thank you, good night'],
  'property-report.pdf': [
    'Property irregularity report',
    'LMR118 / tag LMR440127',
    '1 x cello, hard case',
    'Damage: neck, scroll',
  ],
  'battery-papers.pdf': [
    'Mobility aid: powered wheelchair',
    'Mass 74 kg, sealed gel cells',
    'Terminals insulated: yes',
  ],
}

export const fileNames: readonly string[] = [...Object.keys(pictures), ...Object.keys(papers)]

/** Paints and stores every file that the stories name; answers them by name. */
export async function storeFiles(store: FileStore): Promise<ReadonlyMap<string, KeptFile>> {
  const kept = new Map<string, KeptFile>()
  for (const name of fileNames) {
    const bytes = pictures[name] ? await paint(name) : pdf(papers[name]!)
    const mediaType = pictures[name] ? 'image/png' : 'application/pdf'
    const outcome = await keepFile(store, chunks(bytes), { name, mediaType }, 2_000_000)
    if (!outcome.ok) throw new Error(`${name} could not be stored: ${outcome.reason}`)
    kept.set(name, outcome.file)
  }
  return kept
}

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

const WIDTH = 480
const HEIGHT = 270

async function paint(name: string): Promise<Buffer> {
  const { ground, boxes } = pictures[name]!
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) pixels.set(groundAt(ground, y / HEIGHT), (y * WIDTH + x) * 3)
  for (const [left, top, width, height, colour, shape] of boxes) {
    for (let y = Math.max(top, 0); y < Math.min(top + height, HEIGHT); y++)
      for (let x = Math.max(left, 0); x < Math.min(left + width, WIDTH); x++) {
        const across = (x + 0.5 - left) / width - 0.5
        const down = (y + 0.5 - top) / height - 0.5
        if (shape === undefined || across ** 2 + down ** 2 <= 0.25) pixels.set(colour, (y * WIDTH + x) * 3)
      }
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .png()
    .toBuffer()
}

function groundAt(ground: Ground, depth: number): Colour {
  const [above, below] =
    typeof ground[0] === 'number' ? [ground as Colour, ground as Colour] : (ground as readonly Colour[])
  const mix = (index: 0 | 1 | 2): number => Math.round(above![index] * (1 - depth) + below![index] * depth)
  return [mix(0), mix(1), mix(2)]
}

/** One page of plain lines: the smallest PDF that readers open without complaint. */
function pdf(text: readonly string[]): Buffer {
  const content = `BT /F1 16 Tf 40 240 Td 22 TL ${text.map((line) => `(${line}) Tj T*`).join(' ')} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 360 290] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
  ]
  let body = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = body.length
    body += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const count = objects.length + 1
  body += `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`
  return Buffer.from(body, 'latin1')
}
