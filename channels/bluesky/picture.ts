// Pictures as the network takes them: small enough, upright, and with their shape told, so that a place can be kept for them.
import sharp from 'sharp'
// Also confines which decoders there are, whatever the bytes pretend to be.
import { isImageType } from '#platform/files/images'

export const MOST_IMAGE_BYTES = 2_000_000
const MOST_SIDE = 4000
const SMALLER: readonly (readonly [side: number, quality: number])[] = [
  [3000, 85],
  [2000, 80],
  [1400, 70],
  [1000, 60],
]

export interface Picture {
  readonly bytes: Buffer
  readonly type: string
  readonly width: number
  readonly height: number
}

/** The picture in at most `most` bytes, made smaller where it has to be; null for what is none. */
export async function fitPicture(bytes: Buffer, type: string, most = MOST_IMAGE_BYTES): Promise<Picture | null> {
  if (!isImageType(type)) return null
  try {
    const { width, height, orientation = 1, exif } = await sharp(bytes, { limitInputPixels: 60_000_000 }).metadata()
    const [wide, high] = orientation >= 5 ? [height, width] : [width, height]
    const fits = bytes.length <= most && Math.max(wide, high) <= MOST_SIDE
    // Where it was taken is nobody's business: what carries such notes is written anew.
    if (fits && exif === undefined && type !== 'image/avif') return { bytes, type, width: wide, height: high }
    for (const [side, quality] of SMALLER) {
      const { data, info } = await sharp(bytes, { limitInputPixels: 60_000_000 })
        .autoOrient()
        .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .timeout({ seconds: 10 })
        .jpeg({ quality })
        .toBuffer({ resolveWithObject: true })
      if (data.length <= most) return { bytes: data, type: 'image/jpeg', width: info.width, height: info.height }
    }
    return null
  } catch {
    return null
  }
}
