// The shape of a video, from the boxes of its MP4 file: a track's header ends with its width and height.

export interface Shape {
  readonly width: number
  readonly height: number
}

const MOST_BOXES = 10_000

/** Null where it can't be told. */
export function videoShape(bytes: Buffer): Shape | null {
  const inside: (readonly [from: number, to: number])[] = [[0, bytes.length]]
  for (let seen = 0; inside.length > 0 && seen < MOST_BOXES;) {
    const [from, to] = inside.shift()!
    for (let at = from; at + 8 <= to && seen < MOST_BOXES; seen++) {
      const short = bytes.readUInt32BE(at)
      const name = bytes.toString('latin1', at + 4, at + 8)
      const long = short === 1 && at + 16 <= to
      const size = long ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? to - at : short
      const head = long ? 16 : 8
      if (size < head || at + size > to) break
      if (name === 'moov' || name === 'trak') inside.push([at + head, at + size])
      else if (name === 'tkhd' && size >= head + 84) {
        const width = bytes.readUInt32BE(at + size - 8) >>> 16
        const height = bytes.readUInt32BE(at + size - 4) >>> 16
        if (width > 0 && height > 0) return { width, height }
      }
      at += size
    }
  }
  return null
}

/** Whether these bytes begin as an MP4 file does. */
export function isMp4(bytes: Buffer): boolean {
  return bytes.length > 12 && bytes.toString('latin1', 4, 8) === 'ftyp'
}
