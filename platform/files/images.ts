// Pictures are never passed on as they came: they are decoded and written anew, which leaves behind metadata (where a
// photo was taken), trailing archives and scripts, and whatever a decoder elsewhere might stumble over.
import sharp from 'sharp'

/** Decoded pixels take four bytes each, and animations count every frame. */
export const defaultMaxPixels = 40_000_000

const secondsToDecode = 20

const outputs = {
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'webp',
} as const

export type ImageType = keyof typeof outputs

export type ReencodeOutcome =
  | {
      ok: true
      type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif'
      extension: string
      bytes: Buffer
      width: number
      height: number
    }
  | { ok: false; reason: 'too_many_pixels' | 'undecodable' }

// The library chooses its decoder by itself: it may choose only among these, whatever the bytes pretend to be.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadNsgifBuffer',
    'VipsForeignLoadHeifBuffer',
  ],
})
sharp.concurrency(1)
sharp.cache(false)

/** The memory belongs to the process, so the process decodes one picture at a time. */
let queue: Promise<unknown> = Promise.resolve()

/** SVG is not among them: it is a program that draws, and stays an attachment. */
export function isImageType(type: string): type is ImageType {
  return Object.hasOwn(outputs, type)
}

/**
 * Writes a picture anew, upright and in sRGB. Animations stay animated while all frames together keep the limit,
 * otherwise the first frame remains. Waits its turn: one picture at a time in the process.
 */
export function reencodeImage(
  input: Uint8Array,
  type: ImageType,
  maxPixels = defaultMaxPixels,
): Promise<ReencodeOutcome> {
  const result = queue.then(() => reencode(input, type, maxPixels))
  queue = result.catch(() => {})
  return result
}

async function reencode(input: Uint8Array, type: ImageType, maxPixels: number): Promise<ReencodeOutcome> {
  try {
    const {
      width,
      height,
      pageHeight,
      pages = 1,
    } = await sharp(input, { limitInputPixels: false, pages: 1 }).metadata()
    const pixels = width * (pageHeight ?? height)
    if (pixels > maxPixels) return { ok: false, reason: 'too_many_pixels' }
    const animated = (type === 'image/gif' || type === 'image/webp') && pages > 1 && pixels * pages <= maxPixels
    const format = outputs[type]
    // NOTE: `error` lets through warnings, which phones' own JPEGs cause; broken pixel data still fails.
    const { data, info } = await sharp(input, { limitInputPixels: maxPixels, failOn: 'error', animated })
      .autoOrient()
      .timeout({ seconds: secondsToDecode })
      .toFormat(format, format === 'jpeg' ? { quality: 85 } : {})
      .toBuffer({ resolveWithObject: true })
    return {
      ok: true,
      type: `image/${format}`,
      extension: format === 'jpeg' ? 'jpg' : format,
      bytes: data,
      width: info.width,
      height: info.pageHeight ?? info.height,
    }
  } catch {
    // The decoder's words tell a user nothing; the reason is the same for every kind of damage.
    return { ok: false, reason: 'undecodable' }
  }
}
